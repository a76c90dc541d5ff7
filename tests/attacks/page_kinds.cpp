// Sealed with a true key: the seal holds, so the file itself must not be able to act, to hide, or to show
// other than it says.
#include <zlib.h>

#include "tests/attacks/kinds.h"

namespace attacks {
namespace {

Kind bench(std::string name, const char* refused_by, std::function<void(Workbench&)> change) {
    return one(std::move(name), refused_by, [change = std::move(change)] {
        Workbench file = Workbench::unsealed();
        change(file);
        return file.sealed();
    });
}

Kind structure(std::string name, std::string part, std::string by) {
    return bench(std::move(name), "structure", [part, by](Workbench& file) { file.replace(part, by); });
}

std::string changed(std::string text, std::string_view from, std::string_view to) {
    auto at = text.find(from);
    return at == std::string::npos ? std::abort(), text : text.replace(at, from.size(), to);
}

Kind content(std::string name, std::string from, std::string to) {
    return bench(std::move(name), "page",
                 [from, to](Workbench& file) { file.set_content(changed(file.content(), from, to)); });
}

Kind title_at(std::string name, std::string place) {
    return bench(std::move(name), "page", [place](Workbench& file) {
        std::string all = file.content();
        auto title = all.find("/F1 30 Tf"), end = all.find(" Td", title), begin = all.rfind('\n', end) + 1;
        file.set_content(all.replace(begin, end - begin, place));
    });
}

// Behind all that the page has: the next piece of marked content.
Kind behind(std::string name, std::string tag, std::string operators) {
    return bench(std::move(name), "page", [tag, operators](Workbench& file) {
        std::string all = file.content();
        int pieces = 0;
        for (auto at = all.find("/MCID"); at != std::string::npos; at = all.find("/MCID", at + 1)) ++pieces;
        file.set_content(all + "/" + tag + " <</MCID " + std::to_string(pieces) + ">> BDC\n" + operators +
                         "EMC\n");
    });
}

Kind annotation(std::string name, std::string object) {
    return bench(std::move(name), "structure", [object](Workbench& file) {
        int number = file.add(object);
        file.replace("/Annots [ ", "/Annots [ " + std::to_string(number) + " 0 R ");
    });
}

// One bookmark, with these keys besides its title and parent.
Kind bookmark(std::string name, std::string keys) {
    return bench(std::move(name), "structure", [keys](Workbench& file) {
        int list = file.add("<< /Type /Outlines /Count 1 >>");
        std::string parent = std::to_string(list) + " 0 R";
        std::string item =
            std::to_string(file.add("<< /Title (Mer) /Parent " + parent + " " + keys + " >>")) + " 0 R";
        file.object(list) = "<< /Type /Outlines /Count 1 /First " + item + " /Last " + item + " >>";
        file.replace("/Type /Catalog", "/Outlines " + parent + " /Type /Catalog");
    });
}

// One good bookmark, and another that only a reader who goes another way meets: by `way`, from the list or the item.
Kind hidden_bookmark(std::string name, std::string way) {
    return bench(std::move(name), "structure", [way](Workbench& file) {
        std::string page = std::to_string(file.find("/Tabs /S")) + " 0 R";
        int list = file.add("<< >>"), item = file.add("<< >>");
        std::string parent = std::to_string(list) + " 0 R", good = std::to_string(item) + " 0 R";
        std::string other =
            std::to_string(file.add("<< /Title (Mer) /Parent " + parent +
                                    " /A << /S /URI /URI (https://strandkoping.example/) >> >>")) +
            " 0 R";
        bool from_list = way == "Last";
        file.object(item) = "<< /Title (Mer) /Dest [ " + page + " /XYZ null 0 null ] /Parent " +
                            (way == "Parent" ? other : parent) + (way == "Prev" ? " /Prev " + other : "") +
                            " >>";
        file.object(list) =
            "<< /Type /Outlines /Count 1 /First " + good + " /Last " + (from_list ? other : good) + " >>";
        file.replace("/Type /Catalog", "/Outlines " + parent + " /Type /Catalog");
    });
}

std::string deflated(const std::string& text) {
    std::string out(compressBound(text.size()), '\0');
    uLongf size = out.size();
    compress2(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(text.data()),
              text.size(), 9);
    out.resize(size);
    return out;
}

void structure_kinds(std::vector<Kind>& kinds) {
    auto add = [&](Kind kind) { kinds.push_back(std::move(kind)); };
    add(bench("second-form-field", "structure", [](Workbench& file) {
        int number = file.add("<< /FT /Tx /T (Belopp) /V (1 000 000 kr) >>");
        file.replace("/Fields [ ", "/Fields [ " + std::to_string(number) + " 0 R ");
    }));
    add(structure("form-redrawn-by-the-reader", "/SigFlags 3", "/NeedAppearances true /SigFlags 3"));
    add(structure("form-with-xfa", "/SigFlags 3", "/XFA (x) /SigFlags 3"));
    add(annotation(
        "overlay-free-text",
        "<< /Type /Annot /Subtype /FreeText /Rect [ 100 400 400 500 ] /Contents (1 000 000 kr) >>"));
    add(annotation("overlay-stamp",
                   "<< /Type /Annot /Subtype /Stamp /Rect [ 100 400 400 500 ] /Name /Approved >>"));
    add(annotation(
        "overlay-highlight",
        "<< /Type /Annot /Subtype /Highlight /Rect [ 100 400 400 500 ] /QuadPoints [ 0 0 1 0 0 1 1 1 ] >>"));
    add(annotation("overlay-redaction", "<< /Type /Annot /Subtype /Redact /Rect [ 100 400 400 500 ] >>"));
    add(annotation("overlay-second-widget", "<< /Type /Annot /Subtype /Widget /Rect [ 100 400 400 500 ] >>"));
    add(structure("open-action", "/Type /Catalog",
                  "/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> /Type /Catalog"));
    add(structure("script-in-the-names", "/EmbeddedFiles ", "/JavaScript << /Names [ ] >> /EmbeddedFiles "));
    add(structure("action-when-the-page-opens", "/Tabs /S",
                  "/AA << /O << /S /Named /N /Print >> >> /Tabs /S"));
    add(bookmark("bookmark-that-acts", "/A << /S /URI /URI (https://strandkoping.example/) >>"));
    add(bookmark("bookmark-to-what-is-no-page", "/Dest [ << /Type /Page >> /XYZ null 0 null ]"));
    add(bookmark("bookmark-to-a-named-place", "/Dest (betalning)"));
    for (const char* way : {"Last", "Prev", "Parent"})
        add(hidden_bookmark("bookmark-behind-" + std::string(way), way));
    add(structure("link-that-launches", "/S /URI", "/S /Launch"));
    add(structure("link-to-a-file", "/URI (https://", "/URI (file:///"));
    add(structure("link-to-a-script", "/URI (https://", "/URI (javascript:"));
    add(structure("link-with-a-frame", "/Border [ 0 0 0 ]", "/Border [ 0 0 9 ]"));
    add(structure("layer-that-hides", "/Type /Catalog",
                  "/OCProperties << /D << >> /OCGs [ ] >> /Type /Catalog"));
    add(bench("object-that-waits-to-be-shown", "structure", [](Workbench& file) {
        file.add("<< /Type /Annot /Subtype /FreeText /Contents (1 000 000 kr) >>");
    }));
    add(bench("page-that-waits-to-be-shown", "structure",
              [](Workbench& file) { file.add(file.object(file.find("/MediaBox"))); }));
    add(bench("page-that-comes-twice", "structure", [](Workbench& file) {
        std::string page = std::to_string(file.find("/MediaBox")) + " 0 R";
        file.replace("/Kids [ " + page, "/Kids [ " + page + " " + page);
        file.replace("/Count 1", "/Count 2");
    }));
    add(bench("annotations-in-an-object-of-their-own", "structure", [](Workbench& file) {
        int page = file.find("/MediaBox");
        std::string& text = file.object(page);
        auto from = text.find("/Annots [") + 8, to = text.find(']', from) + 1;
        int list = file.add(text.substr(from, to - from));
        std::string& again = file.object(page);  // adding may have moved it
        again.replace(from, to - from, std::to_string(list) + " 0 R");
    }));
    add(bench("content-in-two-parts", "structure", [](Workbench& file) {
        std::string content = std::to_string(file.content_number()) + " 0 R";
        file.replace("/Contents " + content, "/Contents [ " + content + " " + content + " ]");
    }));
    add(structure("page-with-graphics-states", "/Resources << ",
                  "/Resources << /ExtGState << /G << /ca 0 >> >> "));
    add(structure("page-with-a-smaller-crop", "/Tabs /S", "/CropBox [ 0 0 300 400 ] /Tabs /S"));
    add(structure("page-turned", "/Tabs /S", "/Rotate 180 /Tabs /S"));
    add(structure("page-in-another-unit", "/Tabs /S", "/UserUnit 9 /Tabs /S"));
    add(structure("text-read-otherwise-than-seen", "/S /H2", "/ActualText (Granko) /S /H2"));
    add(structure("seal-without-docmdp", "/TransformMethod /DocMDP", "/TransformMethod /FieldMDP"));
    add(structure("seal-that-allows-comments", "/P 2 ", "/P 3 "));
    add(structure("catalog-without-permissions", "/Perms << /DocMDP ", "/Perms << /UR3 "));
    add(structure("seal-of-an-older-kind", "/ETSI.CAdES.detached", "/adbe.pkcs7.detached"));
    add(structure("seal-without-a-time", "/M (D:", "/Cert (D:"));
    add(bench("seal-in-local-time", "structure",
              [](Workbench& file) { file.replace("0Z) /Name", "0+01'00') /Name"); }));
    add(structure("seal-with-a-key-of-its-own", "/Filter /Adobe.PPKLite",
                  "/Changes [ 0 0 0 ] /Filter /Adobe.PPKLite"));
    add(structure("mark-elsewhere", "/Rect [ 481.89 ", "/Rect [ 81.89 "));
    add(structure("mark-hidden", "/F 132", "/F 134"));
    add(bench("mark-that-shows-something-else", "structure", [](Workbench& file) {
        int look = file.find("/BBox [ 0 0 51.02 51.02 ]");
        file.set_stream(look, "/BBox [ 0 0 51.02 51.02 ] /Resources << >> /Subtype /Form /Type /XObject",
                        "1 0 0 rg 0 0 51 51 re f\n");
    }));
    add(structure("mark-with-resources", "/Resources << >> /Subtype /Form",
                  "/Resources << /Font << >> >> /Subtype /Form"));
    add(bench("trailer-with-encryption", "structure",
              [](Workbench& file) { file.trailer().insert(3, "/Encrypt << >> "); }));
    add(bench("trailer-with-an-earlier-revision", "structure",
              [](Workbench& file) { file.trailer().insert(3, "/Prev 15 "); }));
    add(structure("catalog-of-a-newer-version", "/Type /Catalog", "/Type /Catalog /Version /2.0"));
    add(bench("reference-to-nothing", "structure",
              [](Workbench& file) { file.replace("/MarkInfo << ", "/MarkInfo << /X 9999 0 R "); }));
}

void shown_kinds(std::vector<Kind>& kinds) {
    auto add = [&](Kind kind) { kinds.push_back(std::move(kind)); };
    add(content("text-invisible", "BT\n", "BT\n3 Tr\n"));
    add(content("artifact-with-invisible-text", "/Artifact BMC\n",
                "/Artifact BMC\nBT\n/F1 11 Tf\n3 Tr\n30 400 Td\n<0001> Tj\nET\n"));
    add(content("artifact-with-text-that-is-off-the-page", "/Artifact BMC\n",
                "/Artifact BMC\nBT\n/F1 11 Tf\n-500 400 Td\n<0001> Tj\nET\n"));
    add(content("artifact-with-a-figure", "/Artifact BMC\n", "/Artifact BMC\n0 0 500 500 re\nf\n"));
    add(content("text-as-a-clip", "BT\n", "BT\n7 Tr\n"));
    add(content("text-white", "0.09 0.129 0.169 rg", "1 1 1 rg"));
    add(content("text-pale", "0.09 0.129 0.169 rg", "0.8 0.8 0.8 rg"));
    add(content("text-tiny", "/F1 30 Tf", "/F1 1 Tf"));
    add(content("text-narrowed-to-nothing", "BT\n", "BT\n0 Tz\n"));
    add(content("text-raised", "BT\n", "BT\n5000 Ts\n"));
    add(content("text-drawn-together", "2.4 Tc", "-11 Tc"));
    add(title_at("text-left-of-the-page", "-100 600"));
    add(title_at("text-over-the-right-edge", "590 600"));
    add(title_at("text-above-the-page", "100 840"));
    add(title_at("text-below-the-page", "100 -20"));
    add(content("text-scaled", "BT\n", "BT\n1 0 0 1 0 0 Tm\n"));
    add(content("text-pair-by-pair", "> Tj", "> TJ"));
    add(content("text-in-an-unknown-font", "/F1 11 Tf", "/F9 11 Tf"));
    add(content("text-without-a-mark", "/P <</MCID 1>> BDC\n", ""));
    add(content("text-as-decoration", "/P <</MCID 1>> BDC\n", "/Artifact BMC\n"));
    add(content("text-spoken-otherwise", "/P <</MCID 1>> BDC", "/P <</ActualText (x) /MCID 1>> BDC"));
    add(content("text-clipped", "q\n1 0 0 1 ", "q\n0 0 1 1 re\nW\nn\n1 0 0 1 "));
    add(content("transparency", "q\n1 0 0 1 ", "q\n/G gs\n1 0 0 1 "));
    add(content("arms-over-the-page", "q\n1 0 0 1 ", "q\n9 0 0 9 "));
    add(bench("arms-over-the-text", "page", [](Workbench& file) {
        std::string all = file.content();
        auto end = all.find(" cm\n/Arms Do"), begin = all.rfind('\n', end) + 1;
        file.set_content(all.replace(begin, end - begin, "1 0 0 1 272.13 600"));
    }));
    add(content("something-else-drawn", "/Arms Do", "/Other Do"));
    add(bench("second-form-to-draw", "page", [](Workbench& file) {
        auto at = file.object(file.find("/MediaBox")).find("/Arms ") + 6;
        std::string form = file.object(file.find("/MediaBox")).substr(at, 6);
        file.replace("/XObject << /Arms ", "/XObject << /Other " + form + " /Arms ");
    }));
    add(bench("arms-moved-by-their-own-matrix", "page", [](Workbench& file) {
        file.replace("/Group << ", "/Matrix [ 9 0 0 9 -900 -900 ] /Group << ");
    }));
    add(behind("covered-by-a-box", "Figure", "q\n1 0 0 1 0 0 cm\n60 300 450 300 re\nf\nQ\n"));
    add(behind("covered-by-a-white-box", "Figure", "1 1 1 rg\nq\n1 0 0 1 0 0 cm\n60 300 450 300 re\nf\nQ\n"));
    add(behind("picture-inline", "Figure", "q\n1 0 0 1 0 0 cm\nBI /W 1 /H 1 /BPC 8 /CS /G ID x EI\nQ\n"));
    add(behind("shading", "Figure", "q\n1 0 0 1 0 0 cm\n/S sh\nQ\n"));
    add(behind("figure-inside-a-figure", "Figure", "q\nq\nQ\nQ\n"));
    add(bench("covered-by-a-thick-white-line", "page", [](Workbench& file) {
        file.set_content(file.content() + "/Artifact BMC\n1 1 1 RG\n300 w\n60 400 m\n500 400 l\nS\nEMC\n");
    }));
    add(bench("struck-out-in-white-hairlines", "page", [](Workbench& file) {
        file.set_content(file.content() + "/Artifact BMC\n1 1 1 RG\n1 w\n60 400 m\n500 400 l\nS\nEMC\n");
    }));
    add(bench("paper-larger-than-it-looks", "page", [](Workbench& file) {
        file.replace("/MediaBox [ 0 0 595.27557 ", "/MediaBox [ 0 0 5000.5 ");
    }));
    add(bench("letters-of-private-meaning", "page", [](Workbench& file) {
        int font = file.find("/ToUnicode");
        int map = std::atoi(file.object(font).c_str() + file.object(font).find("/ToUnicode ") + 11);
        file.set_stream(map, "", "1 beginbfchar\n<0001> <E000>\nendbfchar\n");
    }));
    add(bench("letters-without-a-meaning", "page", [](Workbench& file) {
        int font = file.find("/ToUnicode");
        int map = std::atoi(file.object(font).c_str() + file.object(font).find("/ToUnicode ") + 11);
        file.set_stream(map, "", "1 beginbfrange\n<0000> <FFFF> <0000>\nendbfrange\n");
    }));
    add(bench("font-of-another-form", "page",
              [](Workbench& file) { file.replace("/Identity-H", "/Identity-V"); }));
    add(bench("page-that-inflates-without-end", "page", [](Workbench& file) {
        file.set_stream(file.content_number(), "/Filter /FlateDecode", deflated(std::string(40U << 20, ' ')));
    }));
    add(bench("page-with-another-filter", "page", [](Workbench& file) {
        file.set_stream(file.content_number(), "/Filter /ASCIIHexDecode", "20>");
    }));
    add(bench("page-of-a-million-operators", "page", [](Workbench& file) {
        std::string all;
        for (int i = 0; i < 1'000'000; ++i) all += "q Q ";
        file.set_stream(file.content_number(), "/Filter /FlateDecode", deflated(all));
    }));
}

}  // namespace

std::vector<Kind> page_kinds() {
    std::vector<Kind> kinds;
    structure_kinds(kinds);
    shown_kinds(kinds);
    return kinds;
}

}  // namespace attacks

// Around the seal, without the key: what is appended, moved, wrapped or flipped, and what only costs time.
#include <algorithm>
#include <cstdlib>

#include "tests/attacks/kinds.h"

namespace attacks {
namespace {

Bytes with(std::string_view more) {
    Bytes pdf = victim().pdf;
    core::append(pdf, core::as_bytes(more));
    return pdf;
}

std::string ten_digits(std::size_t value) {
    std::string digits = std::to_string(value);
    return std::string(10 - digits.size(), '0') + digits;
}

std::string last_table() {
    auto at = position("\nstartxref\n") + 11;
    auto text = core::as_text(victim().pdf);
    return std::string(text.substr(at, text.find('\n', at) - at));
}

// The object that has `part`, changed, as an increment with a table and trailer of its own.
Bytes increment(std::string_view part, std::string_view by, bool with_table = true) {
    Workbench bench(victim().pdf);
    int number = bench.find(part);
    bench.replace_in(number, part, by);
    std::size_t at = victim().pdf.size();
    std::string object = std::to_string(number) + " 0 obj\n" + bench.object(number) + "\nendobj\n";
    std::string trailer = bench.trailer().substr(0, bench.trailer().rfind(">>"));
    std::string table = "xref\n" + std::to_string(number) + " 1\n" + ten_digits(at) + " 00000 n \ntrailer " +
                        trailer + "/Prev " + last_table() + " >>\nstartxref\n" +
                        std::to_string(at + object.size()) + "\n%%EOF\n";
    return with(with_table ? object + table : object);
}

// One bit at several places of a region.
Kind region(std::string name, std::string refused_by, std::size_t from, std::size_t to) {
    return {std::move(name), std::move(refused_by), [from, to](const std::function<void(Bytes)>& take) {
                std::size_t step =
                    std::getenv("HANDSLAG_FULL") != nullptr ? 1 : std::max<std::size_t>(1, (to - from) / 9);
                for (std::size_t at = from; at < to; at += step)
                    take(flipped(victim().pdf, at, static_cast<int>(at % 8)));
            }};
}
Kind stream_region(std::string name, int number) {
    std::size_t object = position("\n" + std::to_string(number) + " 0 obj\n"),
                from = position("stream\n", object) + 7, to = position("\nendstream", from);
    return region(std::move(name), "signature", from, to);
}

// A file of the attacker's own around the sealed bytes: the hole stays where the signature wants it.
Bytes wrapped(std::string_view range_from, std::string_view range_to) {
    return replaced(victim().pdf, range_from, range_to);
}

std::string byte_range() {
    auto text = core::as_text(victim().pdf);
    auto from = position("/ByteRange ["), to = text.find(']', from);
    return std::string(text.substr(from, to + 1 - from));
}
// The four numbers, as wide as before.
std::string byte_range_of(long a, long b, long c, long d) {
    std::string range = "/ByteRange [ " + std::to_string(a) + " " + std::to_string(b) + " " +
                        std::to_string(c) + " " + std::to_string(d) + " ";
    range.resize(byte_range().size() - 1, ' ');
    return range + "]";
}

}  // namespace

std::vector<Kind> file_kinds() {
    const Victim& v = victim();
    std::vector<Kind> kinds;
    auto add = [&](Kind kind) { kinds.push_back(std::move(kind)); };
    const long begin = static_cast<long>(v.hole) - 1, end = static_cast<long>(v.hole_end) + 1,
               size = static_cast<long>(v.pdf.size());

    add(region("flip-header", "form", 0, 15));
    const Workbench apart(v.pdf);
    add(stream_region("flip-page-content", apart.content_number()));
    add(stream_region("flip-record", apart.find("/Type /EmbeddedFile")));
    add(stream_region("flip-font", apart.find("/Length1 ")));
    add(stream_region("flip-metadata", apart.find("/Type /Metadata")));
    add(stream_region("flip-colour-profile", apart.find("/N 3")));
    add(region("flip-padding", "signature|form|structure", v.cms_end, v.hole_end));
    add(region("flip-claimed-time", "signature|form|structure", position("/M (D:") + 6,
               position("/M (D:") + 20));
    add(region("flip-seal-dictionary", "signature|form|structure", position("/Filter /Adobe"),
               position("/ETSI.CAdES.detached")));
    add(region("flip-byte-range", "signature|form|structure", position("/ByteRange ["),
               position("/Contents <")));
    add(region("flip-cross-reference", "form", position("\nxref\n") + 1, position("trailer ")));
    add(region("flip-trailer", "signature|form|structure", position("trailer "), position("\nstartxref")));
    add(region("flip-end", "form|signature", position("startxref\n", position("trailer ")), v.pdf.size()));
    add({"flip-anywhere", "signature|form|structure", [&v](const auto& take) {
             for (std::size_t at = 7; at < v.pdf.size(); at += 1'301)
                 take(flipped(v.pdf, at, static_cast<int>(at % 8)));
         }});

    add(one("behind-a-line-feed", "increments", [] { return with("\n"); }));
    add(one("behind-junk", "increments", [] { return with("junk"); }));
    add(one("behind-a-comment", "increments", [] { return with("% a comment\n"); }));
    add(one("behind-a-second-end", "increments", [] { return with("%%EOF\n"); }));
    add(one("behind-a-whole-second-file", "increments", [&v] { return with(core::as_text(v.pdf)); }));
    add(one("before-the-header", "form", [&v] {
        Bytes pdf = core::to_bytes("MZ\n");
        core::append(pdf, v.pdf);
        return pdf;
    }));
    add({"cut-off", "form", [&v](const auto& take) {
             for (std::size_t keep :
                  {v.pdf.size() - 1, v.pdf.size() - 7, v.pdf.size() / 2, v.hole_end, std::size_t{20}})
                 take(Bytes(v.pdf.begin(), v.pdf.begin() + static_cast<std::ptrdiff_t>(keep)));
         }});

    add(one("increment-replaces-the-catalog", "increments",
            [] { return increment("/Type /Catalog", "/Type /Catalog /Version /2.0"); }));
    add(one("increment-replaces-the-page", "increments",
            [] { return increment("/Tabs /S", "/Tabs /S /Rotate 90"); }));
    add(one("increment-replaces-the-record", "increments",
            [] { return increment("/Type /EmbeddedFile", "/Type /EmbeddedFile"); }));
    add(one("increment-replaces-the-field", "increments", [] { return increment("/FT /Sig", "/FT /Tx"); }));
    add(one("increment-overlays-an-annotation", "increments", [] {
        return increment("/Annots [ ",
                         "/Annots [ << /Type /Annot /Subtype /FreeText /Contents (1 000 000 kr) >> ");
    }));
    add(one("objects-without-a-table", "increments",
            [] { return increment("/Type /Catalog", "/Type /Catalog /AA << >>", false); }));
    add(one("table-that-hides-an-object", "increments", [] {
        return with("xref\n1 1\n0000000000 00001 f \ntrailer << /Size 60 /Prev " + last_table() +
                    " >>\nstartxref\n" + std::to_string(victim().pdf.size()) + "\n%%EOF\n");
    }));
    add(one("comment-between-objects", "form",
            [] { return replaced(victim().pdf, "\nendobj\n3 0 obj", "\nendobj\n%x\n3 0 obj"); }));
    add(one("table-points-elsewhere", "form", [&v] {
        std::size_t at = position("\nxref\n") + 6 + 4;
        return flipped(flipped(v.pdf, at + 24), at + 44);
    }));
    add(one("start-points-elsewhere", "form",
            [] { return replaced(victim().pdf, "startxref\n" + last_table(), "startxref\n17"); }));

    add(one("range-begins-later", "structure",
            [=] { return wrapped(byte_range(), byte_range_of(1, begin - 1, end, size - end)); }));
    add(one("range-leaves-the-end-out", "structure",
            [=] { return wrapped(byte_range(), byte_range_of(0, begin, end, size - end - 9)); }));
    add(one("range-leaves-a-gap", "structure",
            [=] { return wrapped(byte_range(), byte_range_of(0, begin - 40, end, size - end)); }));
    add(one("range-runs-into-the-hole", "structure",
            [=] { return wrapped(byte_range(), byte_range_of(0, begin + 2, end, size - end)); }));
    add(one("range-beyond-the-file", "structure",
            [=] { return wrapped(byte_range(), byte_range_of(0, begin, end, size - end + 100)); }));
    add(one("range-of-one-part", "structure", [] {
        std::string range = "/ByteRange [ 0 " + std::to_string(victim().pdf.size()) + " ";
        range.resize(byte_range().size() - 1, ' ');
        return wrapped(byte_range(), range + "]");
    }));
    // Signature wrapping: the sealed second part moves behind what the attacker puts in, and the range
    // follows it.
    add(one("signature-wrapping", "form|structure", [=, &v] {
        std::string inserted = "/X (" + std::string(40, 'x') + ") ";
        Bytes pdf = v.pdf;
        pdf.insert(pdf.begin() + end, inserted.begin(), inserted.end());
        return replaced(pdf, byte_range(),
                        byte_range_of(0, begin, end + static_cast<long>(inserted.size()), size - end));
    }));
    // The same with all offsets mended: a well-formed file whose range leaves out what was put in.
    add(one("signature-wrapping-well-formed", "structure", [] {
        Workbench bench(victim().pdf);
        bench.replace("/Filter /Adobe.PPKLite",
                      "/Prop_Build << /X (xxxxxxxxxxxxxxxxxxx) >> /Filter /Adobe.PPKLite");
        return bench.file();
    }));
    add(one("second-byte-range-in-the-file", "structure", [] {
        Workbench bench(victim().pdf);
        bench.replace("/MarkInfo << ", "/MarkInfo << /ByteRange [ 0 1 2 3 ] ");
        return bench.file();
    }));

    // What a hostile file may cost.
    add(one("larger-than-any-certificate", "form", [] { return Bytes(17U << 20, ' '); }));
    add(one("millions-of-values", "form", [] {
        Workbench bench(victim().pdf);
        std::string ones = "[ ";
        for (int i = 0; i < 2'000'000; ++i) ones += "1 ";
        bench.add(ones + "]");
        return bench.file();
    }));
    add(one("nested-ten-thousand-deep", "form", [] {
        Workbench bench(victim().pdf);
        bench.add(std::string(10'000, '[') + std::string(10'000, ']'));
        return bench.file();
    }));
    add(one("half-a-million-objects", "structure|form", [] {
        Workbench bench(victim().pdf);
        for (int i = 0; i < 300'000; ++i) bench.add("[ ]");
        return bench.file();
    }));
    return kinds;
}

}  // namespace attacks

#include "core/longterm/increment.h"

#include <algorithm>
#include <cstdio>
#include <map>

#include <openssl/evp.h>

#include "core/base/check.h"

namespace core {
namespace {

constexpr std::size_t range_width = 46;

// New and replaced objects, by number, without "N 0 obj" and "endobj".
using Objects = std::map<int, std::string>;

std::string references(const std::vector<int>& objects) {
    std::string list = "[";
    for (int object : objects) list += " " + std::to_string(object) + " 0 R";
    return list + " ]";
}

std::string stream(ByteView content) {
    return "<< /Length " + std::to_string(content.size()) + " >>\nstream\n" + std::string(as_text(content)) +
           "\nendstream";
}

// Inserted before the last `mark`, which every text that we are given has.
std::string with(std::string text, std::string_view mark, const std::string& added) {
    auto at = text.rfind(mark);
    CHECK_THAT(at != std::string::npos);
    return text.insert(at, added);
}

std::string next_id(ByteView upto) { return to_hex(ByteView(sha256(upto)).first(16)); }

// Writes the objects, their table and the trailer; `end` is what it was before, with new numbers and texts.
Increment finish(RevisionEnd end, const Objects& objects) {
    std::string out;
    std::map<int, std::size_t> offsets;
    for (const auto& [number, content] : objects) {
        offsets[number] = end.size + out.size();
        out += std::to_string(number) + " 0 obj\n" + content + "\nendobj\n";
    }
    std::size_t table_at = end.size + out.size();
    out += "xref\n";
    for (auto run = offsets.begin(); run != offsets.end();) {
        auto behind = run;
        int count = 0;
        while (behind != offsets.end() && behind->first == run->first + count) ++behind, ++count;
        out += std::to_string(run->first) + " " + std::to_string(count) + "\n";
        for (; run != behind; ++run) {
            char line[32];
            std::snprintf(line, sizeof line, "%010zu 00000 n \n", run->second);
            out += line;
        }
    }
    out += "trailer << /Info " + std::to_string(end.info) + " 0 R /Prev " + std::to_string(end.table_at) +
           " /Root " + std::to_string(end.root) + " 0 R /Size " + std::to_string(end.next_object) +
           " /ID [<" + end.first_id + "><" + end.id + ">] >>\nstartxref\n" + std::to_string(table_at) +
           "\n%%EOF\n";
    end.size += out.size();
    end.table_at = table_at;
    Bytes bytes = to_bytes(out);
    end.id = to_hex(ByteView(sha256({as_bytes(end.id), bytes})).first(16));
    return {std::move(bytes), std::move(end)};
}

// Object numbers of `wanted`, those that are new given numbers and stored.
std::vector<int> place(const std::vector<Bytes>& wanted, std::vector<Bytes>& stored,
                       std::vector<int>& numbers, RevisionEnd& end, Objects& objects) {
    std::vector<int> placed;
    for (const Bytes& one : wanted) {
        auto known = std::find(stored.begin(), stored.end(), one);
        if (known == stored.end()) {
            objects[end.next_object] = stream(one);
            numbers.push_back(end.next_object++);
            stored.push_back(one);
            known = stored.end() - 1;
        }
        int number = numbers[static_cast<std::size_t>(known - stored.begin())];
        if (std::find(placed.begin(), placed.end(), number) == placed.end()) placed.push_back(number);
    }
    return placed;
}

std::string store_text(const RevisionEnd& end) {
    auto lists = [](const RevisionEnd::Entry& of, const char* plural) {
        std::string text;
        auto add = [&](const char* name, const std::vector<int>& numbers) {
            if (!numbers.empty()) text += std::string(" /") + name + plural + " " + references(numbers);
        };
        add("CRL", of.crls);
        add("Cert", of.certificates);
        add("OCSP", of.ocsps);
        return text;
    };
    std::string text = "<<" + lists(end.all, "s") + " /Type /DSS /VRI <<";
    for (const auto& entry : end.entries) text += " /" + entry.key + " <<" + lists(entry, "") + " >>";
    return text + " >> >>";
}

}  // namespace

void ValidationData::add(const ValidationData& more) {
    for (auto part : {&ValidationData::certificates, &ValidationData::ocsps, &ValidationData::crls})
        for (const Bytes& one : more.*part)
            if (std::find((this->*part).begin(), (this->*part).end(), one) == (this->*part).end())
                (this->*part).push_back(one);
}

std::string signature_key(ByteView contents) {
    unsigned char digest[20];
    unsigned size = 0;
    CHECK_THAT(EVP_Digest(contents.data(), contents.size(), digest, &size, EVP_sha1(), nullptr) == 1);
    std::string key = to_hex({digest, size});
    std::transform(key.begin(), key.end(), key.begin(),
                   [](char c) { return c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c; });
    return key;
}

Result<RevisionEnd> end_of(const FirstRevision& first, ByteView revision) {
    const PdfFile& file = first.file;
    const Error other{Errc::damaged, "not a file of our form to append to"};
    auto number_of = [](const PdfDictionary& in, std::string_view key) {
        auto found = in.find(key);
        const auto* reference = found != in.end() ? found->second.reference() : nullptr;
        return reference != nullptr ? reference->object : 0;
    };
    RevisionEnd end;
    end.size = revision.size();
    end.next_object = static_cast<int>(file.objects().size()) + 1;
    end.root = number_of(file.trailer(), "Root");
    end.info = number_of(file.trailer(), "Info");
    const PdfObject* root = file.object(end.root);
    if (root == nullptr || root->value.dictionary() == nullptr || end.info == 0) return other;
    end.form = number_of(*root->value.dictionary(), "AcroForm");
    const PdfArray* id = file.find_array(file.trailer(), "ID");
    if (id == nullptr || id->size() != 2 || (*id)[0].string() == nullptr || file.object(end.form) == nullptr)
        return other;
    end.first_id = to_hex((*id)[0].string()->bytes);

    // The reader has checked the table's form: a line of twenty bytes an object, after that of object 0.
    std::string_view text = as_text(revision);
    end.table_at =
        static_cast<std::size_t>(std::stoull(std::string(text.substr(text.rfind("startxref\n") + 10, 20))));
    auto lines = text.find(" f \n", end.table_at) + 4;
    auto text_of = [&](int number) {
        auto at = static_cast<std::size_t>(
            std::stoull(std::string(text.substr(lines + static_cast<std::size_t>(number - 1) * 20, 10))));
        auto from = text.find("obj\n", at) + 4;
        return std::string(text.substr(from, text.find("\nendobj\n", from) - from));
    };
    end.root_text = text_of(end.root);
    end.form_text = text_of(end.form);
    if (!end.root_text.ends_with(">>") || end.form_text.find(']') == std::string::npos) return other;
    end.id = next_id(revision);
    end.last_signature = signature_key(first.sealed.hole);
    return end;
}

Increment write_validation_increment(const RevisionEnd& before, const ValidationData& needs) {
    RevisionEnd end = before;
    Objects objects;
    RevisionEnd::Entry entry;
    entry.key = before.last_signature;
    entry.certificates = place(needs.certificates, end.data.certificates, end.all.certificates, end, objects);
    entry.ocsps = place(needs.ocsps, end.data.ocsps, end.all.ocsps, end, objects);
    entry.crls = place(needs.crls, end.data.crls, end.all.crls, end, objects);
    auto known = std::find_if(end.entries.begin(), end.entries.end(),
                              [&](const auto& other) { return other.key == entry.key; });
    if (known == end.entries.end())
        end.entries.push_back(std::move(entry));
    else
        *known = std::move(entry);
    if (end.store == 0) {
        end.store = end.next_object++;
        end.root_text = with(end.root_text, ">>",
                             "/DSS " + std::to_string(end.store) +
                                 " 0 R /Extensions << /ESIC << /BaseVersion /1.7 /ExtensionLevel 5 >> >> ");
        objects[end.root] = end.root_text;
    }
    objects[end.store] = store_text(end);
    return finish(std::move(end), objects);
}

EmptyTimestamp write_timestamp_increment(const RevisionEnd& before) {
    RevisionEnd end = before;
    Objects objects;
    int signature = end.next_object++, field = end.next_object++;
    ++end.timestamps;
    end.form_text = with(end.form_text, "]", std::to_string(field) + " 0 R ");
    objects[end.form] = end.form_text;
    std::string range = "/ByteRange [" + std::string(range_width, ' ') + "] /Contents <";
    objects[signature] = "<< " + range + std::string(2 * timestamp_room, '0') +
                         "> /Filter /Adobe.PPKLite /SubFilter /ETSI.RFC3161 /Type /DocTimeStamp /V 0 >>";
    objects[field] = "<< /F 132 /FT /Sig /Rect [ 0 0 0 0 ] /Subtype /Widget /T (Tidsstampel" +
                     std::to_string(end.timestamps) + ") /Type /Annot /V " + std::to_string(signature) +
                     " 0 R >>";
    EmptyTimestamp empty{finish(std::move(end), objects), 0};
    std::string_view text = as_text(empty.increment.bytes);
    auto at = text.find(range);
    empty.hole = at + range.size();
    std::size_t open = before.size + empty.hole - 1, behind = open + 2 * timestamp_room + 2;
    std::string numbers = " 0 " + std::to_string(open) + " " + std::to_string(behind) + " " +
                          std::to_string(empty.increment.end.size - behind);
    CHECK_THAT(numbers.size() < range_width);
    std::copy(numbers.begin(), numbers.end(),
              empty.increment.bytes.begin() + static_cast<std::ptrdiff_t>(at + sizeof "/ByteRange [" - 1));
    return empty;
}

Sha256 timestamp_digest(ByteView before, const EmptyTimestamp& empty) {
    ByteView increment(empty.increment.bytes);
    return sha256(
        {before, increment.first(empty.hole - 1), increment.subspan(empty.hole + 2 * timestamp_room + 1)});
}

Result<Increment> fill_timestamp(EmptyTimestamp empty, ByteView token) {
    if (token.size() > timestamp_room)
        return Error{Errc::internal, "the timestamp takes " + std::to_string(token.size()) +
                                         " bytes, its field has room for " + std::to_string(timestamp_room)};
    std::string hex = to_hex(token);
    std::copy(hex.begin(), hex.end(),
              empty.increment.bytes.begin() + static_cast<std::ptrdiff_t>(empty.hole));
    Bytes contents(token.begin(), token.end());
    contents.resize(timestamp_room);
    empty.increment.end.last_signature = signature_key(contents);
    return std::move(empty.increment);
}

}  // namespace core

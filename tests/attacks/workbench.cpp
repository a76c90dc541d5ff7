#include "tests/attacks/workbench.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <openssl/pem.h>

#include "core/certificate/der.h"
#include "core/certificate/draw.h"
#include "core/certificate/pdf_reader.h"
#include "core/certificate/seal.h"
#include "core/certificate/structure.h"

namespace attacks {
namespace {

[[noreturn]] void give_up(const std::string& what) {
    std::fprintf(stderr, "attacks: %s\n", what.c_str());
    std::abort();
}

template <class T>
T must(core::Result<T> result) {
    if (!result.ok()) give_up(result.error().detail);
    return std::move(result).value();
}

constexpr std::string_view header = "%PDF-1.7\n%\xBF\xF7\xA2\xFE\n";

std::string ten_digits(std::size_t value) {
    std::string digits = std::to_string(value);
    return std::string(10 - digits.size(), '0') + digits;
}

}  // namespace

Victim::Victim() : chain(must(core::read_certificates(seal.chain_pem))) {
    core::BioHandle in(BIO_new_mem_buf(seal.key_pem.data(), static_cast<int>(seal.key_pem.size())));
    private_key.reset(PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr));
    pdf = must(test::workshop().make(record, key)).pdf;
    hole = core::as_text(pdf).find("/Contents <") + 11;
    hole_end = core::as_text(pdf).find('>', hole);
    cms_end = hole_end;
    while (pdf[cms_end - 1] == '0') --cms_end;
    cms_end += (cms_end - hole) % 2;
    ByteView all(pdf);
    digest = core::sha256({all.first(hole - 1), all.subspan(hole_end + 1)});
}

const Victim& victim() {
    static const Victim one;
    return one;
}

Workbench::Workbench(ByteView pdf) {
    std::string_view text = core::as_text(pdf);
    std::size_t at = header.size();
    for (int number = 1;; ++number) {
        std::string begin = std::to_string(number) + " 0 obj\n";
        if (text.substr(at, begin.size()) != begin) break;
        auto next = text.find("\nendobj\n" + std::to_string(number + 1) + " 0 obj\n", at);
        if (next == std::string_view::npos) next = text.find("\nendobj\nxref\n", at);
        if (next == std::string_view::npos) give_up("an object without an end");
        objects_.emplace_back(text.substr(at + begin.size(), next - at - begin.size()));
        at = next + 8;
    }
    auto from = text.find("trailer ", at) + 8, to = text.find("\nstartxref\n", from);
    trailer_ = text.substr(from, to - from);
}

Workbench Workbench::unsealed(const core::SigningRecord& shown, const std::string& embedded) {
    const test::Workshop& shop = test::workshop();
    static const core::VectorArms arms =
        must(core::vector_arms(HANDSLAG_SOURCE_DIR "/assets/demo/municipality/arms.svg"));
    core::Document document = must(core::lay_out_certificate(shown, shop.context()));
    core::MakeInput input = shop.input(document, embedded);
    return Workbench(must(core::add_structure(must(core::draw(document, shop.fonts(), &arms)), input)));
}
Workbench Workbench::unsealed() {
    static const Workbench once = unsealed(victim().record, core::encode(victim().record));
    return once;
}

int Workbench::find(std::string_view part) const {
    for (std::size_t i = 0; i < objects_.size(); ++i)
        if (objects_[i].find(part) != std::string::npos) return static_cast<int>(i) + 1;
    give_up("no object has " + std::string(part));
}

int Workbench::add(std::string object) {
    objects_.push_back(std::move(object));
    std::string size = "/Size " + std::to_string(objects_.size());
    auto at = trailer_.find(size);
    if (at == std::string::npos) give_up("a trailer of another form");
    trailer_.replace(at, size.size(), "/Size " + std::to_string(objects_.size() + 1));
    return static_cast<int>(objects_.size());
}

void Workbench::replace(std::string_view part, std::string_view by) { replace_in(find(part), part, by); }
void Workbench::replace_in(int number, std::string_view part, std::string_view by) {
    std::string& text = object(number);
    auto at = text.find(part);
    if (at == std::string::npos) give_up("object without " + std::string(part));
    text.replace(at, part.size(), by);
}

int Workbench::content_number() const {
    const std::string& page = objects_[static_cast<std::size_t>(find("/MediaBox")) - 1];
    return std::atoi(page.c_str() + page.find("/Contents ") + 10);
}

std::string Workbench::content() const {
    Bytes pdf = file();
    auto read = must(core::PdfFile::read(pdf));
    std::size_t room = 1U << 20;
    Bytes text = must(read.inflate(*read.object(content_number()), room));
    return {text.begin(), text.end()};
}

void Workbench::set_stream(int number, const std::string& dictionary, const std::string& content) {
    object(number) = "<< " + dictionary + " /Length " + std::to_string(content.size()) + " >>\nstream\n" +
                     content + "\nendstream";
}
void Workbench::set_content(const std::string& operators) { set_stream(content_number(), "", operators); }

Bytes Workbench::file() const {
    std::string out(header), table;
    for (std::size_t i = 0; i < objects_.size(); ++i) {
        table += ten_digits(out.size()) + " 00000 n \n";
        out += std::to_string(i + 1) + " 0 obj\n" + objects_[i] + "\nendobj\n";
    }
    std::size_t at = out.size();
    out += "xref\n0 " + std::to_string(objects_.size() + 1) + "\n0000000000 65535 f \n" + table + "trailer " +
           trailer_ + "\nstartxref\n" + std::to_string(at) + "\n%%EOF\n";
    return core::to_bytes(out);
}
Bytes Workbench::sealed(const core::SealKey& key) const { return must(core::seal(file(), key)); }

Bytes oid(std::string_view content_hex) {
    return core::der::write(core::der::object_id, {*core::from_hex(content_hex)});
}
Bytes attribute(std::string_view oid_hex, ByteView value) {
    using namespace core::der;
    return write(sequence, {oid(oid_hex), write(set, {value})});
}

std::vector<Bytes> usual_attributes() {
    Bytes all = core::signed_attributes(victim().certificates(), victim().digest);
    ByteView in(all);
    in = core::der::take(in)->content;
    std::vector<Bytes> attributes;
    while (!in.empty()) {
        auto one = core::der::take(in)->whole;
        attributes.emplace_back(one.begin(), one.end());
    }
    return attributes;
}

Bytes encode_cms(const CmsParts& parts) {
    using namespace core::der;
    auto given = [](const Bytes& part, const Bytes& usual) { return part.empty() ? usual : part; };
    X509* signer = victim().certificates().signer;
    const Bytes one = {integer, 1, 1}, sha256 = write(sequence, {oid("608648016503040201")});
    const Bytes who = write(sequence, {core::to_der(X509_get_issuer_name(signer), i2d_X509_NAME),
                                       core::to_der(X509_get0_serialNumber(signer), i2d_ASN1_INTEGER)});
    std::vector<Bytes> attributes = parts.attributes.empty() ? usual_attributes() : parts.attributes;
    Bytes as_set = write_sorted(set, attributes), in_place = as_set;
    in_place[0] = context_0;
    Bytes signature = parts.signature;
    EVP_PKEY* key = parts.key != nullptr ? parts.key : victim().private_key.get();
    if (signature.empty()) {
        core::EvpDigestContext context(EVP_MD_CTX_new());
        std::size_t size = 0;
        EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key);
        EVP_DigestSign(context.get(), nullptr, &size, as_set.data(), as_set.size());
        signature.resize(size);
        EVP_DigestSign(context.get(), signature.data(), &size, as_set.data(), as_set.size());
        signature.resize(size);
        signature = *core::one_form(key, signature);
    }
    Bytes info = write(
        sequence, {given(parts.signer_version, one), given(parts.signer_id, who), given(parts.digest, sha256),
                   in_place, given(parts.algorithm, write(sequence, {oid("2a8648ce3d040302")})),
                   write(octet_string, {signature}), parts.unsigned_part});
    std::vector<Bytes> infos{info};
    infos.insert(infos.end(), parts.more_signers.begin(), parts.more_signers.end());
    std::vector<Bytes> certificates = parts.certificates;
    if (certificates.empty())
        certificates = {core::to_der(victim().chain[0].get(), i2d_X509),
                        core::to_der(victim().chain[1].get(), i2d_X509)};
    Bytes bag = write_sorted(context_0, certificates);
    if (!parts.sort) {
        std::sort(certificates.rbegin(), certificates.rend());
        bag = write(context_0, {certificates[0], certificates[1]});
    }
    Bytes data = write(sequence, {given(parts.version, one), given(parts.digests, write(set, {sha256})),
                                  given(parts.content, write(sequence, {oid("2a864886f70d010701")})), bag,
                                  parts.extra, write_sorted(set, infos)});
    return write(sequence, {given(parts.content_type, oid("2a864886f70d010702")), write(context_0, {data})});
}

core::X509Certificate with_the_other_s(X509* certificate) {
    const ASN1_BIT_STRING* signature = nullptr;
    const X509_ALGOR* algorithm = nullptr;
    X509_get0_signature(&signature, &algorithm, certificate);
    Bytes bits{0};
    core::append(bits,
                 with_the_other_s(ByteView(signature->data, static_cast<std::size_t>(signature->length))));
    Bytes der = core::to_der(certificate, i2d_X509);
    ByteView all(der), in = core::der::take(all)->content;
    ByteView body = core::der::take(in)->whole, kind = core::der::take(in)->whole;
    Bytes again = core::der::write(core::der::sequence, {body, kind, core::der::write(0x03, {bits})});
    const unsigned char* at = again.data();
    return core::X509Certificate(d2i_X509(nullptr, &at, static_cast<long>(again.size())));
}

Bytes in_hole(ByteView cms) {
    Bytes pdf = victim().pdf;
    std::string hex = core::to_hex(cms);
    hex.resize(victim().hole_end - victim().hole, '0');
    std::copy(hex.begin(), hex.end(), pdf.begin() + static_cast<std::ptrdiff_t>(victim().hole));
    return pdf;
}

Bytes replaced(Bytes file, std::string_view from, std::string_view to) {
    auto at = core::as_text(file).find(from);
    if (at == std::string_view::npos) give_up("nothing to replace: " + std::string(from));
    auto begin = file.begin() + static_cast<std::ptrdiff_t>(at);
    file.erase(begin, begin + static_cast<std::ptrdiff_t>(from.size()));
    file.insert(file.begin() + static_cast<std::ptrdiff_t>(at), to.begin(), to.end());
    return file;
}

Bytes flipped(Bytes file, std::size_t at, int bit) {
    file.at(at) = static_cast<std::uint8_t>(file.at(at) ^ 1U << bit);
    return file;
}

std::size_t position(std::string_view what, std::size_t from) {
    auto at = core::as_text(victim().pdf).find(what, from);
    if (at == std::string_view::npos) give_up("the victim has no " + std::string(what));
    return at;
}

}  // namespace attacks

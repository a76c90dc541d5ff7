#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <thread>

#include <doctest/doctest.h>

#include "tests/support/certificate_samples.h"

using core::Verdict;

namespace {

// One certificate that many cases attack.
struct Victim {
    test::Pki pki;
    test::Seal seal = pki.issue();
    core::SealKey key = test::load(seal);
    core::SigningRecord record = test::sample_record();
    core::Bytes pdf;
    std::size_t hole = 0, hole_end = 0;  // of the hexadecimal digits

    Victim() {
        auto made = test::workshop().make(record, key);
        if (!made.ok()) {
            FAIL(made.error().detail);
            return;
        }
        pdf = std::move(made->pdf);
        hole = core::as_text(pdf).find("/Contents <") + 11;
        hole_end = core::as_text(pdf).find('>', hole);
    }
};
const Victim& victim() {
    static const Victim one;
    return one;
}

// "valid", "undecided", "not valid: <check>", "unreadable"
std::string judge(core::ByteView pdf, const std::string& trust, std::int64_t at_ms = test::now_ms) {
    auto report = core::verify_certificate(pdf, trust, at_ms);
    if (!report.ok()) return "unreadable";
    if (report->verdict == Verdict::valid) return "valid";
    if (report->verdict == Verdict::undecided) return "undecided";
    return "not valid: " + (report->first_failure() != nullptr ? report->first_failure()->check : "?");
}
std::string judge(core::ByteView pdf) { return judge(pdf, victim().pki.root_pem()); }

bool refused(const std::string& verdict) {
    return verdict == "unreadable" || verdict.starts_with("not valid");
}

core::Bytes replaced(core::Bytes pdf, std::string_view from, std::string_view to) {
    auto at = core::as_text(pdf).find(from);
    REQUIRE(at != std::string_view::npos);
    pdf.erase(pdf.begin() + static_cast<std::ptrdiff_t>(at),
              pdf.begin() + static_cast<std::ptrdiff_t>(at + from.size()));
    pdf.insert(pdf.begin() + static_cast<std::ptrdiff_t>(at), to.begin(), to.end());
    return pdf;
}

// Flips each bit of `bits` alone; gives back the places of those that were not refused.
std::vector<std::size_t> survivors(const core::Bytes& pdf, const std::vector<std::size_t>& bits,
                                   const std::string& trust) {
    std::vector<std::size_t> alive;
    std::mutex guard;
    std::atomic<std::size_t> next = 0;
    auto work = [&] {
        core::Bytes copy = pdf;
        for (std::size_t i = next++; i < bits.size(); i = next++) {
            auto flip = static_cast<std::uint8_t>(1U << (bits[i] % 8));
            copy[bits[i] / 8] ^= flip;
            if (!refused(judge(copy, trust))) {
                std::lock_guard lock(guard);
                alive.push_back(bits[i]);
            }
            copy[bits[i] / 8] ^= flip;
        }
    };
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < std::max(2U, std::thread::hardware_concurrency()); ++i)
        threads.emplace_back(work);
    for (auto& thread : threads) thread.join();
    return alive;
}

}  // namespace

TEST_CASE("a certificate that was just made is valid, and its report says what was checked") {
    auto report = core::verify_certificate(victim().pdf, victim().pki.root_pem(), test::now_ms);
    REQUIRE(report.ok());
    CHECK(report->verdict == Verdict::valid);
    CHECK(report->level == "B-B");
    CHECK(report->sealed_by == "Strandköpings kommun, surfplatta A");
    CHECK(report->record == core::encode(victim().record));
    CHECK(report->record_name == "signing-record.json");
    CHECK(report->revocation == "not checked");
    CHECK_FALSE(report->demonstration);
    CHECK(report->first_failure() == nullptr);
    CHECK(report->issuer_fingerprint == victim().key.issuer_fingerprint());
}

TEST_CASE("the issuing CA alone is trust enough") {
    CHECK(judge(victim().pdf, victim().pki.issuing_pem()) == "valid");
}

TEST_CASE("without a trusted CA nothing is decided") { CHECK(judge(victim().pdf, "") == "undecided"); }

TEST_CASE("another CA does not vouch for the seal, even one of the same name") {
    CHECK(judge(victim().pdf, test::Pki("Granköpings kommun").root_pem()) == "not valid: chain");
    CHECK(judge(victim().pdf, test::Pki().root_pem()) == "not valid: chain");
    CHECK(judge(victim().pdf, test::Pki().issuing_pem()) == "not valid: chain");
}

TEST_CASE("after the certificate has expired, and before it is valid, nothing is decided") {
    CHECK(judge(victim().pdf, victim().pki.root_pem(), test::now_ms + 800 * test::day_ms) == "undecided");
    CHECK(judge(victim().pdf, victim().pki.root_pem(), test::now_ms - 40 * test::day_ms) == "undecided");
}

TEST_CASE("no single flipped bit of the seal goes unnoticed") {
    const Victim& v = victim();
    std::size_t used = v.hole_end;  // where the zero padding begins, and a little of it
    while (v.pdf[used - 1] == '0') --used;
    std::vector<std::size_t> bits;
    for (std::size_t bit = (v.hole - 2) * 8; bit < (used + 16) * 8; ++bit) bits.push_back(bit);
    CHECK(bits.size() > 20'000);
    auto alive = survivors(v.pdf, bits, v.pki.root_pem());
    INFO("first survivor: byte " << (alive.empty() ? 0 : alive[0] / 8 - v.hole) << " of the seal");
    CHECK(alive.empty());
}

TEST_CASE("no single flipped bit of the rest of the file goes unnoticed") {
    const Victim& v = victim();
    std::size_t step =
        std::getenv("HANDSLAG_FULL") != nullptr ? 1 : 311;  // no divisor of eight: all bits of a byte come
    std::vector<std::size_t> bits;
    for (std::size_t bit = 0; bit < v.pdf.size() * 8; bit += step) bits.push_back(bit);
    auto alive = survivors(v.pdf, bits, v.pki.root_pem());
    INFO("first survivor: byte " << (alive.empty() ? 0 : alive[0] / 8));
    CHECK(alive.empty());
}

TEST_CASE("a flipped bit is noticed when only the issuing CA is trusted, too") {
    const Victim& v = victim();
    std::vector<std::size_t> bits;
    for (std::size_t bit = v.hole * 8; bit < (v.hole + 3'200) * 8; bit += 7) bits.push_back(bit);
    CHECK(survivors(v.pdf, bits, v.pki.issuing_pem()).empty());
}

TEST_CASE("capital hexadecimal digits are refused") {
    core::Bytes pdf = victim().pdf;
    for (std::size_t i = victim().hole; i < victim().hole_end; ++i)
        if (pdf[i] >= 'a' && pdf[i] <= 'f') {
            pdf[i] = static_cast<std::uint8_t>(pdf[i] - 'a' + 'A');
            break;
        }
    CHECK(refused(judge(pdf)));
}

TEST_CASE("junk in the padding of the seal's field is refused") {
    core::Bytes pdf = victim().pdf;
    pdf[victim().hole_end - 1] = '1';
    CHECK(judge(pdf) == "not valid: signature");
}

TEST_CASE("anything behind the end is refused") {
    for (std::string_view more : {"\n", " ", "%", "%%EOF\n", "junk"}) {
        core::Bytes pdf = victim().pdf;
        core::append(pdf, core::as_bytes(more));
        CHECK(refused(judge(pdf)));
    }
}

TEST_CASE("an incremental update is refused") {
    core::Bytes pdf = victim().pdf;
    auto start = core::as_text(pdf).rfind("startxref\n");
    std::string old_table(
        core::as_text(pdf).substr(start + 10, core::as_text(pdf).find('\n', start + 10) - start - 10));
    std::size_t object = pdf.size();
    std::string update = "9 0 obj\n<< /Type /Catalog >>\nendobj\n";
    std::string table = std::to_string(object + update.size());
    update += "xref\n9 1\n" + std::string(10 - std::to_string(object).size(), '0') + std::to_string(object) +
              " 00000 n \ntrailer << /Size 60 /Prev " + old_table + " /Root 9 0 R >>\nstartxref\n" + table +
              "\n%%EOF\n";
    core::append(pdf, core::as_bytes(update));
    CHECK(refused(judge(pdf)));
}

TEST_CASE("a byte range that leaves something out is refused") {
    CHECK(refused(judge(replaced(victim().pdf, "/ByteRange [ 0 ", "/ByteRange [ 1 "))));
    std::string hole = std::to_string(victim().hole - 1);
    CHECK(judge(replaced(victim().pdf, "/ByteRange [ 0 " + hole,
                         "/ByteRange [ 0 " + std::to_string(victim().hole - 2))) == "not valid: structure");
}

TEST_CASE("another certificate for the same key, of the same name and number, is refused") {
    const Victim& v = victim();
    auto der_of = [](const std::string& pem) {
        std::string body;
        for (std::string_view rest = pem; !rest.empty();) {
            auto line = rest.substr(0, rest.find('\n'));
            if (!line.starts_with("-----")) body += line;
            rest.remove_prefix(std::min(rest.size(), line.size() + 1));
        }
        return core::from_base64(body).value();
    };
    core::Bytes own = der_of(v.seal.certificate_pem), twin;
    for (int tries = 0; tries < 200 && twin.size() != own.size();
         ++tries) {  // ECDSA signatures differ in length
        test::SealOrder order;
        order.to_ms += test::day_ms;
        twin = der_of(v.pki.issue_twin(v.seal, order).certificate_pem);
    }
    REQUIRE(twin.size() == own.size());
    REQUIRE(twin != own);
    CHECK(judge(replaced(v.pdf, core::to_hex(own), core::to_hex(twin))) == "not valid: signature");
}

TEST_CASE("a seal by a certificate that is not for sealing is refused") {
    const Victim& v = victim();
    auto sealed_by = [&](const test::SealOrder& order) {
        core::SealKey key = test::load(v.pki.issue(order));
        CHECK_FALSE(test::workshop().make(v.record, key).ok());
        return judge(test::workshop().seal_unchecked(v.record, core::encode(v.record), key));
    };
    test::SealOrder order;
    order.key_usage = "critical,keyEncipherment";
    CHECK(sealed_by(order) == "not valid: usage");
    order = {};
    order.extended_key_usage = "emailProtection";
    CHECK(sealed_by(order) == "not valid: usage");
    order = {};
    order.extended_key_usage = nullptr;
    CHECK(sealed_by(order) == "not valid: usage");
    order = {};
    order.basic_constraints = "critical,CA:TRUE";
    order.key_usage = "critical,digitalSignature,keyCertSign";
    CHECK(sealed_by(order) == "not valid: usage");
}

TEST_CASE("a claimed time outside the certificate's validity is refused") {
    const Victim& v = victim();
    test::SealOrder order;
    order.from_ms = test::now_ms + test::day_ms;
    core::SealKey early = test::load(v.pki.issue(order));
    CHECK_FALSE(test::workshop().make(v.record, early).ok());
    CHECK(judge(test::workshop().seal_unchecked(v.record, core::encode(v.record), early)) ==
          "not valid: claimed-time");
    CHECK(judge(test::workshop().seal_unchecked(v.record, core::encode(v.record), v.key,
                                                test::now_ms + 900 * test::day_ms)) ==
          "not valid: claimed-time");
}

TEST_CASE("a record that the pages do not show is refused") {
    const Victim& v = victim();
    auto with = [&](auto change) {
        core::SigningRecord other = v.record;
        change(other);
        return judge(test::workshop().seal_unchecked(v.record, core::encode(other), v.key));
    };
    CHECK(with([](auto&) {}) == "valid");
    CHECK(with([](auto& r) { r.organisation.name = "Granköpings Idrottsförening"; }) == "not valid: record");
    CHECK(with([](auto& r) { r.certificate_number = core::certificate_number("STR26", 'A', 8); }) ==
          "not valid: record");
    CHECK(with([](auto& r) { r.representatives[0].representative.name = "Åsa Öbergh"; }) ==
          "not valid: record");
    CHECK(with([](auto& r) { r.municipal[0].signatory.name = "Nils Lindqvist"; }) == "not valid: record");
    CHECK(with([](auto& r) { r.replaces = core::certificate_number("STR26", 'A', 3); }) ==
          "not valid: record");
    CHECK(with([](auto& r) { r.demonstration = true; }) == "not valid: record");
    CHECK(judge(test::workshop().seal_unchecked(v.record, "{}", v.key)) == "not valid: record");
    CHECK(judge(test::workshop().seal_unchecked(v.record, core::encode(v.record) + "\n", v.key)) ==
          "not valid: record");
}

TEST_CASE("what a demonstration CA has sealed is reported as a demonstration, and must say so") {
    test::Pki pki("Strandköpings kommun", true);
    core::SealKey key = test::load(pki.issue());
    CHECK(key.demonstration());
    core::SigningRecord record = test::sample_record();
    CHECK_FALSE(test::workshop().make(record, key).ok());
    record.demonstration = true;
    auto made = test::workshop().make(record, key);
    REQUIRE(made.ok());
    auto report = core::verify_certificate(made->pdf, pki.root_pem(), test::now_ms);
    REQUIRE(report.ok());
    CHECK(report->verdict == Verdict::valid);
    CHECK(report->demonstration);
}

TEST_CASE("files that are no certificates are unreadable, and cut ones too") {
    for (std::string_view text :
         {"", "%PDF-1.7\n", "hello", "%PDF-1.7\n%\xBF\xF7\xA2\xFE\nxref\n0 0\nstartxref\n15\n%%EOF\n"})
        CHECK(judge(core::as_bytes(text)) == "unreadable");
    for (std::size_t size = 0; size < victim().pdf.size(); size += 1'777)
        CHECK(refused(judge(core::ByteView(victim().pdf).first(size))));
}

TEST_CASE("a trust file that holds no certificates is an error") {
    CHECK_FALSE(core::verify_certificate(victim().pdf,
                                         "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
                                         test::now_ms)
                    .ok());
}

// On the way up the ladder: timestamps, revocation data and increments. By somebody without the keys of seal
// and TSA, but for those that say otherwise.
#include "core/certificate/verify_revision.h"
#include "core/longterm/revisions.h"
#include "tests/attacks/kinds.h"
#include "tests/support/token_parts.h"

namespace attacks {
namespace {

using test::day_ms;
using test::now_ms;

const test::Ladder& ladder() { return shared_ladder(); }
constexpr std::int64_t stamped_ms = test::Ladder::stamped_ms;

struct Opened {
    core::FirstRevision first;
    core::RevisionEnd end;
};
Opened open(const Bytes& pdf) {
    core::Judgement judgement;
    ByteView sealed = ByteView(pdf).first(core::first_revision_size(pdf));
    auto first = core::judge_first_revision(judgement, sealed);
    auto end = core::end_of(first.value().value(), sealed);
    auto later = core::read_increments(pdf, std::move(end).value());
    return {std::move(first).value().value(), std::move(later).value().end};
}

test::TokenOrder at(std::int64_t at_ms) {
    test::TokenOrder order;
    order.at_ms = at_ms;
    return order;
}

// A timestamp in the seal, by whom and of what one likes.
Bytes seal_stamped(const test::Credential& by, const test::TokenOrder& order) {
    Opened opened = open(ladder().bb);
    core::SealCertificates pair{opened.first.seal.signer.get(), opened.first.seal.issuer.get()};
    Bytes token = test::as_stored(
        test::make_token(core::sha256(opened.first.seal.signature), by, ladder().world.tsa_chain(), order));
    Bytes cms = core::write_cms(pair, core::signed_attributes(pair, opened.first.sealed.digest),
                                opened.first.seal.signature, token);
    Bytes pdf = ladder().bb;
    std::string hex = core::to_hex(cms);
    auto hole = core::as_text(pdf).find("/Contents <") + 11;
    std::copy(hex.begin(), hex.end(), pdf.begin() + static_cast<std::ptrdiff_t>(hole));
    return pdf;
}

// A document timestamp over all that there is.
Bytes document_stamped(const Bytes& pdf, const test::Credential& by, const test::TokenOrder& order) {
    auto empty = core::write_timestamp_increment(open(pdf).end);
    Bytes token = test::as_stored(
        test::make_token(core::timestamp_digest(pdf, empty), by, ladder().world.tsa_chain(), order));
    Bytes extended = pdf;
    core::append(extended, core::fill_timestamp(std::move(empty), token).value().bytes);
    return extended;
}

test::TokenOrder of_another_digest(std::int64_t at_ms) {
    test::TokenOrder order = at(at_ms);
    core::Sha256 other = core::sha256(core::as_bytes("annat"));
    order.imprint.assign(other.begin(), other.end());
    return order;
}

test::Credential loose_tsa() {  // its purpose is not critical
    auto order = test::tsa_order();
    order.extended_key_usage = "timeStamping";
    return ladder().world.tsa_ca.issue(order);
}
test::Credential many_purposes_tsa() {
    auto order = test::tsa_order();
    order.extended_key_usage = "critical,timeStamping,emailProtection";
    return ladder().world.tsa_ca.issue(order);
}

Kind kind(std::string name, std::string refused_by, std::function<Bytes()> make) {
    Kind made = one(std::move(name), std::move(refused_by), std::move(make));
    made.trust = ladder().world.root.pem();
    made.trust_tsa = ladder().world.tsa_root.pem();
    made.at_ms = now_ms + day_ms;
    return made;
}

// A revocation list that the verifier was given besides the file.
Kind revoked(std::string name, std::string refused_by, const Bytes& pdf, Bytes list) {
    Kind made = kind(std::move(name), std::move(refused_by), [&pdf] { return pdf; });
    made.at_ms = now_ms + 11 * day_ms;
    made.more.crls = {std::move(list)};
    return made;
}

Bytes changed(const Bytes& pdf, std::string_view from, std::string_view to) {  // the last one
    std::string text(core::as_text(pdf));
    auto at = text.rfind(from);
    if (at == std::string::npos) std::abort();
    return core::to_bytes(text.replace(at, from.size(), to));
}

void revocation_kinds(std::vector<Kind>& kinds) {
    const test::World& w = ladder().world;
    constexpr int key_compromise = 1, superseded = 4;
    auto seal_list = [&](std::int64_t since_ms) {
        return w.issuing.crl(now_ms + 10 * day_ms, {{w.seal.certificate.get(), since_ms, key_compromise}});
    };
    kinds.push_back(revoked("revoked-before-sealing", "revocation", ladder().bb, seal_list(now_ms - day_ms)));
    kinds.push_back(
        revoked("revoked-before-its-timestamp", "revocation", ladder().bt, seal_list(now_ms - day_ms)));
    kinds.push_back(revoked("revoked-since-without-a-timestamp", "revocation", ladder().bb,
                            seal_list(now_ms + 5 * day_ms)));
    kinds.push_back(revoked("revoked-issuing-ca", "revocation", ladder().bb,
                            w.root.crl(now_ms + 10 * day_ms, {{w.issuing.self().certificate.get(),
                                                               now_ms - day_ms, key_compromise}})));
    kinds.push_back(revoked(
        "revoked-tsa", "timestamp", ladder().bt,
        w.tsa_ca.crl(now_ms + 10 * day_ms, {{w.tsa.certificate.get(), now_ms - day_ms, superseded}})));
    kinds.push_back(revoked("tsa-whose-key-was-stolen-later", "timestamp", ladder().bt,
                            w.tsa_ca.crl(now_ms + 10 * day_ms,
                                         {{w.tsa.certificate.get(), now_ms + 5 * day_ms, key_compromise}})));
}

void timestamp_kinds(std::vector<Kind>& kinds) {
    const test::World& w = ladder().world;
    auto in_seal = [&](std::string name, std::function<Bytes()> make, std::string refused_by = "timestamp") {
        kinds.push_back(kind("timestamp-" + std::move(name), std::move(refused_by), std::move(make)));
    };
    in_seal("without-a-critical-purpose", [] { return seal_stamped(loose_tsa(), at(stamped_ms)); });
    in_seal("by-a-certificate-of-many-purposes",
            [] { return seal_stamped(many_purposes_tsa(), at(stamped_ms)); });
    in_seal("by-the-certificate-of-the-seal", [&w] { return seal_stamped(w.seal, at(stamped_ms)); });
    in_seal("of-another-signature", [&w] { return seal_stamped(w.tsa, of_another_digest(stamped_ms)); });
    in_seal("with-sha1", [&w] {
        test::TokenOrder order = at(stamped_ms);
        order.digest = EVP_sha1();
        return seal_stamped(w.tsa, order);
    });
    in_seal("that-names-no-certificate", [&w] {
        test::TokenOrder order = at(stamped_ms);
        order.names_its_certificate = false;
        return seal_stamped(w.tsa, order);
    });
    in_seal("before-its-tsa-was-certified", [&w] { return seal_stamped(w.tsa, at(now_ms - 100 * day_ms)); });
    in_seal(
        "by-a-look-alike-tsa",
        [] {
            test::Authority root(test::authority_order("Prov-TSA rot")),
                ca(test::authority_order("Prov-TSA utfärdare"), &root);
            return seal_stamped(ca.issue(test::tsa_order()), at(stamped_ms));
        },
        "timestamp|undecided");

    auto over_all = [&](std::string name, std::function<Bytes()> make,
                        std::string refused_by = "document-timestamp 1") {
        kinds.push_back(
            kind("document-timestamp-" + std::move(name), std::move(refused_by), std::move(make)));
    };
    over_all("without-a-critical-purpose",
             [] { return document_stamped(ladder().blt, loose_tsa(), at(stamped_ms + 1000)); });
    over_all("by-the-certificate-of-the-seal",
             [&w] { return document_stamped(ladder().blt, w.seal, at(stamped_ms + 1000)); });
    over_all("of-another-file",
             [&w] { return document_stamped(ladder().blt, w.tsa, of_another_digest(stamped_ms + 1000)); });
    over_all("before-its-tsa-was-certified",
             [&w] { return document_stamped(ladder().blt, w.tsa, at(now_ms - 100 * day_ms)); });
    over_all(
        "before-the-timestamp-that-it-covers",
        [&w] { return document_stamped(ladder().blt, w.tsa, at(now_ms - day_ms)); }, "timestamp");
}

void increment_kinds(std::vector<Kind>& kinds) {
    auto add = [&](std::string name, std::string refused_by, std::function<Bytes()> make) {
        kinds.push_back(kind("extended-" + std::move(name), std::move(refused_by), std::move(make)));
    };
    add("with-a-comment-behind", "increments|form", [] {
        Bytes pdf = ladder().blta;
        core::append(pdf, core::as_bytes("% x\n"));
        return pdf;
    });
    add("with-a-key-more-in-its-catalog", "increments",
        [] { return changed(ladder().blt, "/DSS ", "/Version /2.0 /DSS "); });
    add("with-another-root", "increments",
        [] { return changed(ladder().blta, "/Root 1 0 R", "/Root 2 0 R"); });
    add("without-a-timestamp-in-the-seal", "increments", [] {
        Bytes pdf = ladder().bb;
        core::append(pdf, core::write_validation_increment(open(ladder().bb).end, ladder().needs).bytes);
        return pdf;
    });
    add("with-an-increment-of-another-certificate", "increments", [] {
        Bytes pdf = ladder().bt;
        static const test::Ladder other(test::KeyKind::p256);
        pdf.insert(pdf.end(), other.blt.begin() + static_cast<std::ptrdiff_t>(other.bt.size()),
                   other.blt.end());
        return pdf;
    });
    add("with-an-increment-twice", "increments", [] {
        Bytes pdf = ladder().blt;
        pdf.insert(pdf.end(), ladder().blt.begin() + static_cast<std::ptrdiff_t>(ladder().bt.size()),
                   ladder().blt.end());
        return pdf;
    });
    add("with-junk-among-the-certificates", "validation-data", [] {
        core::ValidationData junk = ladder().needs;
        junk.certificates.push_back(core::to_bytes("no certificate"));
        Bytes pdf = ladder().bt;
        core::append(pdf, core::write_validation_increment(open(ladder().bt).end, junk).bytes);
        return pdf;
    });
    kinds.push_back(kind("extended-each-region-flipped",
                         "increments|validation-data|form|document-timestamp 1|undecided",
                         [] { return Bytes(); }));
    kinds.back().make = [](const std::function<void(Bytes)>& take) {
        for (std::size_t byte = ladder().bt.size(); byte < ladder().blta.size(); byte += 53)
            take(flipped(ladder().blta, byte, static_cast<int>(byte % 8)));
    };
    // A file cut back to what it was before is that file. Only who was told its level sees that something is
    // gone.
    for (const auto& [name, from, level] :
         {std::tuple{"cut-back-to-the-seal", &ladder().bb, "B-T"},
          std::tuple{"cut-back-to-the-timestamp", &ladder().bt, "B-LT"},
          std::tuple{"cut-back-to-validation-data", &ladder().blt, "B-LTA"}}) {
        kinds.push_back(kind(name, "level", [from = from] { return *from; }));
        kinds.back().level = level;
    }
    add("cut-within-an-increment", "form|increments", [] {
        Bytes pdf = ladder().blta;
        pdf.resize((ladder().blt.size() + ladder().blta.size()) / 2);
        return pdf;
    });
}

}  // namespace

const test::Ladder& shared_ladder() {
    static const test::Ladder one(test::KeyKind::p256);
    return one;
}

std::vector<Kind> ladder_kinds() {
    std::vector<Kind> kinds;
    revocation_kinds(kinds);
    timestamp_kinds(kinds);
    increment_kinds(kinds);
    return kinds;
}

}  // namespace attacks

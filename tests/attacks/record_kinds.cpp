// Sealed with a true key, or with one that only looks true: what the record says, whose certificate it is,
// and when.
#include "core/certificate/draw.h"
#include "core/certificate/seal.h"
#include "core/certificate/structure.h"
#include "tests/attacks/kinds.h"

namespace attacks {
namespace {

Kind record(std::string name, std::function<void(core::SigningRecord&)> change) {
    return one(std::move(name), "record", [change = std::move(change)] {
        core::SigningRecord other = victim().record;
        change(other);
        return test::workshop().seal_unchecked(victim().record, core::encode(other), victim().key);
    });
}

void put_on_paper(core::SigningRecord& record) {
    core::Signature paper;
    paper.kind = core::Signature::Kind::on_paper;
    paper.signed_at_ms =
        core::from_swedish_time({record.ceremony_date, 0, 0, 0});  // a day that the page shows
    for (auto& one : record.representatives) one.signature = paper;
    for (auto& one : record.municipal) one.signature = paper;
}

void type_name(core::MunicipalSignature& municipal) {
    auto at_ms = municipal.signature.signed_at_ms;
    municipal.signature = {};
    municipal.signature.kind = core::Signature::Kind::typed_witnessed;
    municipal.signature.typed_name = municipal.signatory.name, municipal.signature.witness = "Maria Ek";
    municipal.signature.signed_at_ms = at_ms;
}

// Pages of one record under another's bytes.
Kind shown_as(std::string name, std::function<void(core::SigningRecord&)> shown,
              std::function<void(core::SigningRecord&)> said) {
    return one(std::move(name), "record", [shown = std::move(shown), said = std::move(said)] {
        core::SigningRecord pages = victim().record, bytes = victim().record;
        shown(pages), said(bytes);
        return test::workshop().seal_unchecked(pages, core::encode(bytes), victim().key);
    });
}

Kind embedded(std::string name, std::string bytes) {
    return one(std::move(name), "record",
               [bytes] { return test::workshop().seal_unchecked(victim().record, bytes, victim().key); });
}

Kind bench(std::string name, std::function<void(Workbench&)> change) {
    return one(std::move(name), "record", [change = std::move(change)] {
        Workbench file = Workbench::unsealed();
        change(file);
        return file.sealed();
    });
}

// A protocol whose pages show one thing while its record says another.
Kind protocol(
    std::string name, std::function<void(core::ProtocolRecord&)> change,
    std::function<void(core::ProtocolRecord&)> show = [](auto&) {}) {
    return one(std::move(name), "record", [change = std::move(change), show = std::move(show)]() -> Bytes {
        const test::Workshop& shop = test::workshop();
        core::ProtocolRecord shown = test::sample_protocol(), other = shown;
        change(other), show(shown);
        core::CertificateContext context = shop.context();
        context.has_arms = false;
        auto document = core::lay_out_protocol(shown, context);
        core::MakeInput input = shop.input(*document, core::encode(other));
        auto drawn = core::draw(*document, shop.fonts(), nullptr);
        input.arms = nullptr;
        auto structured = core::add_structure(*drawn, input);
        return core::seal(*structured, victim().key).value();
    });
}

// The victim's pages and record under another certificate.
Bytes sealed_by(const test::Pki& pki, const test::SealOrder& order) {
    return Workbench::unsealed().sealed(test::load(pki.issue(order)));
}
Kind certificate(std::string name, const char* refused_by, std::function<void(test::SealOrder&)> change) {
    return one(std::move(name), refused_by, [change = std::move(change)] {
        test::SealOrder order;
        change(order);
        return sealed_by(victim().pki, order);
    });
}

}  // namespace

std::vector<Kind> record_kinds() {
    const Victim& v = victim();
    std::vector<Kind> kinds;
    auto add = [&](Kind kind) { kinds.push_back(std::move(kind)); };

    add(record("record-of-another-organisation",
               [](auto& r) { r.organisation.name = "Granköpings Idrottsförening"; }));
    add(record("record-of-part-of-the-name",
               [](auto& r) { r.organisation.name = "Strandköpings Idrottsför"; }));
    add(record("record-with-another-certificate-number",
               [](auto& r) { r.certificate_number = core::certificate_number("STR26", 'A', 8); }));
    add(record("record-with-another-organisation-number", [](auto& r) {
        r.organisation.number = core::Organisationsnummer::parse("212000-0142").value;
    }));
    add(record("record-with-another-place", [](auto& r) { r.ceremony_place = "Granköping"; }));
    add(record("record-with-another-day", [](auto& r) { r.ceremony_date = {2026, 11, 22}; }));
    add(record("record-with-part-of-the-day", [](auto& r) { r.ceremony_date = {2026, 11, 1}; }));
    add(record("record-with-another-decision", [](auto& r) { r.decision.body = "Styrelsen"; }));
    add(record("record-with-another-decision-day", [](auto& r) { r.decision.date = {2026, 3, 4}; }));
    add(record("record-with-another-adoption", [](auto& r) { r.adoption.paragraph = "§ 24"; }));
    add(record("record-with-another-agreement",
               [](auto& r) { r.agreement_title = "Överenskommelse om något annat"; }));
    add(record("record-with-another-version", [](auto& r) { r.agreement_version = "2.0"; }));
    add(record("record-with-another-agreement-text",
               [](auto& r) { r.agreement_digest = core::AgreementDigest::of(core::as_bytes("annan")); }));
    add(record("record-with-another-representative",
               [](auto& r) { r.representatives[0].representative.name = "Åsa Öbergh"; }));
    add(record("record-with-another-role",
               [](auto& r) { r.representatives[0].representative.role = "kassör"; }));
    add(record("record-with-another-municipal-signatory",
               [](auto& r) { r.municipal[0].signatory.name = "Nils Lindqvist"; }));
    add(record("record-with-another-municipal-role",
               [](auto& r) { r.municipal[0].signatory.role = "kommundirektör"; }));
    add(record("record-with-one-more-representative", [](auto& r) {
        r.representatives.push_back(r.representatives[0]);
        r.representatives[1].representative.name = "Milan Černý-Šimko";
    }));
    add(record("record-that-replaces-another",
               [](auto& r) { r.replaces = core::certificate_number("STR26", 'A', 3); }));
    add(record("record-of-another-municipality",
               [](auto& r) { r.municipality_name = "Granköpings kommun"; }));
    add(record("record-declared-at-another-minute", [](auto& r) { r.declared_at.wall_ms += 60'000; }));
    add(record("record-declared-a-second-later", [](auto& r) { r.declared_at.wall_ms += 1'000; }));
    add(record("record-on-paper-of-what-was-drawn", put_on_paper));
    add(shown_as("record-drawn-of-what-is-on-paper", put_on_paper, [](auto&) {}));
    add(shown_as("record-on-paper-of-another-day", put_on_paper, [](auto& r) {
        put_on_paper(r);
        for (auto& one : r.representatives) one.signature.signed_at_ms -= test::day_ms;
    }));
    add(record("record-partly-on-paper", [](auto& r) {
        auto drawn = r.municipal;
        put_on_paper(r);
        r.municipal = drawn;
    }));
    add(record("record-typed-of-what-was-drawn", [](auto& r) { type_name(r.municipal[0]); }));
    add(shown_as(
        "record-drawn-of-what-was-typed", [](auto& r) { type_name(r.municipal[0]); }, [](auto&) {}));
    add(shown_as(
        "record-with-another-witness", [](auto& r) { type_name(r.municipal[0]); },
        [](auto& r) { type_name(r.municipal[0]), r.municipal[0].signature.witness = "Maria Eken"; }));
    add(record("record-of-a-demonstration", [](auto& r) { r.demonstration = true; }));
    add(embedded("record-that-is-empty", "{}"));
    add(embedded("record-that-is-no-json", "hej"));
    add(embedded("record-that-is-not-canonical", core::encode(v.record) + "\n"));
    add(embedded("record-with-a-key-twice", core::encode(v.record).insert(1, "\"agreement\":{},")));
    add(bench("record-filed-as-something-else",
              [](Workbench& file) { file.replace("/AFRelationship /Data", "/AFRelationship /Source"); }));
    add(bench("two-files-associated",
              [](Workbench& file) { file.replace("/AF [ ", "/AF [ (signing-record.json) "); }));
    add(bench("second-file-attached", [](Workbench& file) {
        file.replace("/Names [ (signing-record.json) ", "/Names [ (a.json) 3 0 R (signing-record.json) ");
    }));
    add(bench("two-files-under-one-name", [](Workbench& file) {
        int spec = file.find("/AFRelationship"),
            other = file.add("<< /Type /EmbeddedFile /Length 2 >>\nstream\n{}\nendstream");
        auto at = file.object(spec).find("/EF << /F ");
        file.replace_in(spec, file.object(spec).substr(at, file.object(spec).find(" R", at) + 2 - at),
                        "/EF << /F " + std::to_string(other) + " 0 R");
    }));

    add(protocol("protocol-without-its-last-certificate",
                 [](auto& r) { r.lines.back().organisation = "Ingen"; }));
    add(protocol("protocol-with-one-more-certificate", [](auto& r) {
        r.lines.push_back(r.lines.back());
        r.lines.back().certificate_number = core::certificate_number("STR26", 'A', 13);
    }));
    add(protocol("protocol-in-another-order", [](auto& r) { std::swap(r.lines[0], r.lines[1]); }));
    add(protocol("protocol-with-another-fingerprint",
                 [](auto& r) { r.lines[2].certificate_sha256 = std::string(64, 'a'); }));
    add(protocol("protocol-that-hides-a-void",
                 [](auto& r) { r.lines[4].voided = false, r.lines[4].void_reason.clear(); }));
    add(protocol("protocol-that-invents-a-void", [](auto& r) { r.lines[3].voided = true; }));
    add(protocol("protocol-that-hides-a-paper-form", [](auto& r) { r.lines[1].on_paper = false; }));
    add(protocol("protocol-that-invents-a-paper-form", [](auto& r) { r.lines[2].on_paper = true; }));
    add(protocol("protocol-with-another-reason", [](auto& r) { r.lines[4].void_reason = "annat skäl"; }));
    add(protocol("protocol-with-another-checkpoint",
                 [](auto& r) { r.checkpoint[r.checkpoint.size() - 3] ^= 1; }));
    add(protocol("protocol-typed-of-what-was-drawn", [](auto& r) { type_name(r.municipal[0]); }));
    add(protocol(
        "protocol-drawn-of-what-was-typed", [](auto&) {}, [](auto& r) { type_name(r.municipal[0]); }));
    add(protocol(
        "protocol-with-another-witness",
        [](auto& r) { type_name(r.municipal[0]), r.municipal[0].signature.witness = "Maria Eken"; },
        [](auto& r) { type_name(r.municipal[0]); }));
    add(protocol("protocol-opened-at-another-time", [](auto& r) { r.opened_at.wall_ms -= 60'000; }));

    add(certificate("certificate-for-encryption", "usage",
                    [](auto& o) { o.key_usage = "critical,keyEncipherment"; }));
    add(certificate("certificate-without-key-usage", "usage", [](auto& o) { o.key_usage = nullptr; }));
    add(certificate("certificate-for-mail", "usage",
                    [](auto& o) { o.extended_key_usage = "emailProtection"; }));
    add(certificate("certificate-for-timestamps", "usage",
                    [](auto& o) { o.extended_key_usage = "critical,timeStamping"; }));
    add(certificate("certificate-for-nothing-said", "usage",
                    [](auto& o) { o.extended_key_usage = nullptr; }));
    add(certificate("certificate-of-a-ca", "usage", [](auto& o) {
        o.basic_constraints = "critical,CA:TRUE";
        o.key_usage = "critical,digitalSignature,keyCertSign";
    }));
    add(certificate("certificate-expired-before-sealing", "claimed-time|undecided",
                    [](auto& o) { o.to_ms = test::now_ms - test::day_ms; }));
    add(certificate("certificate-not-yet-valid-at-sealing", "claimed-time|undecided",
                    [](auto& o) { o.from_ms = test::now_ms + test::day_ms; }));
    Kind later = one("certificate-expired-since", "undecided", [&v] { return v.pdf; });
    later.at_ms = test::now_ms + 800 * test::day_ms;
    add(later);
    Kind sooner = one("certificate-not-valid-yet", "undecided", [&v] { return v.pdf; });
    sooner.at_ms = test::now_ms - 40 * test::day_ms;
    add(sooner);
    add(one("look-alike-issuer", "chain", [] {
        static const test::Pki same_names;
        return sealed_by(same_names, {});
    }));
    add(one("ca-of-another-municipality", "chain", [] {
        static const test::Pki other("Granköpings kommun");
        return sealed_by(other, {});
    }));
    Kind other_root = one("trusting-another-root", "chain", [&v] { return v.pdf; });
    other_root.trust = test::Pki("Granköpings kommun").root_pem();
    add(other_root);
    Kind look_alike_root = one("trusting-a-look-alike-root", "chain", [&v] { return v.pdf; });
    look_alike_root.trust = test::Pki().root_pem();
    add(look_alike_root);
    add(one("sealed-a-day-after-expiry", "claimed-time|undecided", [&v] {
        core::SigningRecord late = v.record;
        late.declared_at.wall_ms = test::now_ms + 900 * test::day_ms;
        return test::workshop().seal_unchecked(late, core::encode(late), v.key, late.declared_at.wall_ms);
    }));
    static const test::Pki demonstration("Strandköpings kommun", true);
    Kind as_real = one("demonstration-passed-off-as-real", "record", [&v] {
        return test::workshop().seal_unchecked(v.record, core::encode(v.record),
                                               test::load(demonstration.issue()));
    });
    as_real.trust = demonstration.root_pem();
    add(as_real);
    return kinds;
}

}  // namespace attacks

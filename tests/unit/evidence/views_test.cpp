#include <fstream>
#include <sstream>

#include <doctest/doctest.h>

#include "tests/support/signing_fixture.h"

using namespace core;
using test::open_store;

namespace {

// Everything that stands in the store's files.
std::string on_disk(const std::filesystem::path& dir) {
    std::ostringstream all;
    for (const auto& file : std::filesystem::directory_iterator(dir))
        all << std::ifstream(file.path()).rdbuf();
    return all.str();
}

}  // namespace

TEST_CASE("a signing is listed as its record says") {
    test::Folder folder;
    auto store = open_store(folder.path()).value();
    REQUIRE(store.append(test::signing(1, "Byalaget i Čejka")).ok());
    auto rows = store.signings().value();
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].seq == 0);
    CHECK(rows[0].signing_id == test::record(1).id.str());
    CHECK(rows[0].certificate_number == test::record(1).certificate_number);
    CHECK(rows[0].organisation == "Byalaget i Čejka");
    CHECK(rows[0].organisationsnummer.empty());
    CHECK(rows[0].declared_at_ms == test::now().wall_ms);
    CHECK_FALSE(rows[0].voided);
    CHECK_FALSE(rows[0].copied_to_stick);
}

TEST_CASE("a signing whose record is no record is refused and leaves nothing") {
    test::Folder folder;
    auto store = open_store(folder.path()).value();
    auto what = test::signing(1);
    what.entry.payloads["record"] = to_bytes("{}");
    CHECK(store.append(what).error().code == Errc::malformed);
    what.entry.payloads.erase("record");
    CHECK_FALSE(store.append(what).ok());
    CHECK(store.size() == 0);
    CHECK(store.counter().value() == 0);
    CHECK(store.append(test::signing(1)).value().seq == 0);
    CHECK(store.audit()->ok());
}

TEST_CASE("a voided signing stays in the list with its reason, and is voided once") {
    test::Folder folder;
    auto store = open_store(folder.path()).value();
    REQUIRE(store.append(test::signing(1)).ok());
    REQUIRE(store.append(test::voiding(0, "Fel namn på ordföranden")).ok());
    auto rows = store.signings().value();
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].voided);
    CHECK(rows[0].void_reason == "Fel namn på ordföranden");
    CHECK(store.append(test::voiding(0, "igen")).error().code == Errc::not_allowed);
    CHECK(store.append(test::voiding(1, "en upphävning")).error().code == Errc::not_allowed);
    CHECK(store.append(test::voiding(7, "ingen")).error().code == Errc::not_found);
    CHECK(store.size() == 2);
}

TEST_CASE("a copy on the stick is remembered") {
    test::Folder folder;
    {
        auto store = open_store(folder.path()).value();
        REQUIRE(store.append(test::signing(1)).ok());
        REQUIRE(store.append(test::signing(2)).ok());
        REQUIRE(store.mark_copied(1).ok());
        REQUIRE(store.mark_copied(1).ok());
        CHECK(store.mark_copied(2).error().code == Errc::not_found);
    }
    auto store = open_store(folder.path()).value();
    CHECK_FALSE(store.signings().value()[0].copied_to_stick);
    CHECK(store.signings().value()[1].copied_to_stick);
}

TEST_CASE("views rebuilt from the log are the same bytes") {
    test::Folder folder;
    auto store = open_store(folder.path()).value();
    for (int i = 1; i <= 5; ++i)
        REQUIRE(store.append(test::signing(i, "Förening " + std::to_string(i))).ok());
    REQUIRE(store.append(test::voiding(1, "fel")).ok());
    REQUIRE(store.append(test::voiding(3, "fel")).ok());
    REQUIRE(store.erase(3, "Gallringsbeslut KS 2027:4", test::now()).ok());
    REQUIRE(store.mark_copied(4).ok());
    auto before = store.views_digest().value();
    auto listed = store.signings().value();
    REQUIRE(store.rebuild_views().ok());
    CHECK(store.views_digest().value() == before);
    CHECK(store.signings()->size() == listed.size());
    CHECK(store.signings().value()[4].copied_to_stick);
    REQUIRE(store.append(test::signing(9)).ok());
    CHECK(store.views_digest().value() != before);
}

TEST_CASE("an erased signing loses its content everywhere, and the log stays whole") {
    test::Folder folder;
    std::string sealed_before;
    {
        auto store = open_store(folder.path()).value();
        REQUIRE(store.append(test::signing(1)).ok());
        REQUIRE(store.append(test::signing(2)).ok());
        REQUIRE(store.append(test::voiding(0, "Astrid ångrade sig")).ok());
        auto erased = store.erase(0, "Gallringsbeslut KS 2027:4", test::now()).value();
        CHECK(erased.seq == 3);
        CHECK(store.entry(3)->reason == "Gallringsbeslut KS 2027:4");
        CHECK(store.entry(3)->refers_to == 0);
        for (const char* name : {"record", "private", "certificate"}) {
            CHECK(store.payload(0, name).error().code == Errc::not_found);
            CHECK(store.payload(0, name).error().detail == "erased by entry 3");
        }
        CHECK(store.payload(2, "reason").error().detail == "erased by entry 3");
        CHECK(store.payload(1, "private").ok());

        auto row = store.signings().value()[0];
        CHECK(row.erased);
        CHECK(row.voided);
        CHECK(row.organisation.empty());
        CHECK(row.signing_id.empty());
        CHECK(row.certificate_number.empty());
        CHECK(row.void_reason.empty());

        auto report = store.audit().value();
        CHECK(report.ok());
        CHECK(report.erased == 4);
        REQUIRE(report.remarks.size() == 2);
        CHECK(report.remarks[0].seq == 0);
        CHECK(report.remarks[0].what == "erased by entry 3");
    }
    auto report = Store::audit_without_keys(folder.path()).value();
    CHECK(report.ok());
    CHECK(report.erased == 4);
    CHECK(open_store(folder.path()).ok());
}

TEST_CASE("what is erased needs a decision, and is erased once") {
    test::Folder folder;
    auto store = open_store(folder.path()).value();
    REQUIRE(store.append(test::signing(1)).ok());
    CHECK(store.erase(0, " ", test::now()).error().code == Errc::not_allowed);
    CHECK(store.erase(5, "KS 1", test::now()).error().code == Errc::not_found);
    REQUIRE(store.erase(0, "KS 1", test::now()).ok());
    CHECK(store.erase(0, "KS 1", test::now()).error().code == Errc::not_allowed);
    CHECK(store.erase(1, "KS 1", test::now()).error().code == Errc::not_allowed);
    CHECK(store.append(test::voiding(0, "sent")).error().code == Errc::not_allowed);
    auto what = test::note("erasing by the back door");
    what.entry.kind = "erased";
    what.entry.refers_to = 0;
    CHECK(store.append(what).error().code == Errc::not_allowed);
    CHECK(store.size() == 2);
}

TEST_CASE(
    "no word of a payload stands readable in the files, and nothing encrypted of it remains once erased") {
    test::Folder folder;
    auto store = open_store(folder.path()).value();
    REQUIRE(store.append(test::signing(1)).ok());
    REQUIRE(store.save_draft("d", as_bytes("Astrid Berg väntar")).ok());
    auto files = on_disk(folder.path());
    for (const char* word : {"Astrid", "Lövsångaren", "contact of", "ordförande"})
        CHECK(files.find(word) == std::string::npos);

    // The encrypted bytes themselves, as a tool that recovers deleted data would look for them.
    store = open_store(folder.path() / "other").value();
    auto what = test::note("to be erased");
    what.entry.payloads["text"] = Bytes(20'000, 'x');
    REQUIRE(store.append(what).ok());
    auto with_payload = on_disk(folder.path() / "other");
    REQUIRE(store.erase(0, "KS 1", test::now()).ok());
    auto without = on_disk(folder.path() / "other");
    int kept = 0;
    for (std::size_t at = 0; at + 64 <= with_payload.size(); at += 512) {
        auto piece = with_payload.substr(at, 64);
        bool looks_random = std::ranges::count(piece, '\0') < 4;
        if (looks_random && without.find(piece) != std::string::npos && piece.find('"') == std::string::npos)
            ++kept;
    }
    CHECK(with_payload.size() > 20'000);
    CHECK(kept <= 2);  // schema text and checkpoint, which stay
}

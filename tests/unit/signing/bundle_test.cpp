#include "core/bundle.h"

#include <algorithm>
#include <fstream>

#include <doctest/doctest.h>

#include "core/base/file.h"
#include "core/signing.h"
#include "tests/support/demo_ceremony.h"

using namespace core;
namespace fs = std::filesystem;

namespace {

struct Opened {
    TemporaryFolder folder;
    demo::Tablet tablet{folder / "tablet"};
    Opened() {
        fs::create_directories(folder / "stick");
        REQUIRE(open_ceremony(tablet.desk()).ok());
    }
    void plug_in() { tablet.stick = folder / "stick"; }
    std::vector<fs::path> files() const {
        std::vector<fs::path> found;
        for (const auto& at : fs::recursive_directory_iterator(folder / "stick"))
            if (at.is_regular_file()) found.push_back(at.path());
        std::sort(found.begin(), found.end());
        return found;
    }
};

Result<Bundle> open_bundle(const fs::path& file) {
    auto& authority = demo::authority();
    auto plain = open_sealed(read_file(file).value(), authority.bundle_key.key_pem, demo::secret,
                             authority.bundle.certificate_pem);
    if (!plain.ok()) return plain.error();
    return decode_bundle(*plain);
}

}  // namespace

TEST_CASE("with a stick plugged in, a signing goes there sealed, and comes out whole with the bundle key") {
    Opened at;
    at.plug_in();
    auto done = complete_signing(at.tablet.desk(), at.tablet.input());
    REQUIRE(done.ok());
    CHECK(done->copied_to_stick);
    CHECK_FALSE(done->copy_problem);
    CHECK(at.tablet.store->signings()->at(0).copied_to_stick);
    REQUIRE(at.files().size() == 1);
    auto sealed = read_file(at.files()[0]).value();
    CHECK(as_text(sealed).find("Bygdeg") == std::string_view::npos);
    auto bundle = open_bundle(at.files()[0]);
    REQUIRE(bundle.ok());
    CHECK(check_bundle(*bundle).ok());
    CHECK(bundle->seq == done->seq);
    CHECK(bundle->identity.device == at.tablet.keyring->device());
    REQUIRE(bundle->payloads.size() == 3);
    CHECK(bundle->payloads[0].name == "certificate");
    CHECK(bundle->payloads[0].content == done->pdf);
    CHECK(bundle->payloads[2].content == to_bytes(encode(done->record)));
}

TEST_CASE("a copy brings the key that its tablet seals parcels under; one of before that still reads") {
    Opened at;
    auto done = complete_signing(at.tablet.desk(), at.tablet.input());
    REQUIRE(done.ok());
    auto bundle = read_bundle(*at.tablet.store, done->seq).value();
    auto now = encode(bundle);
    auto key = decode_bundle(now)->transfer_key.clone();
    CHECK(equal_in_constant_time(key.bytes(), derive_transfer_key(at.tablet.keyring->payload_key()).bytes()));
    bundle.transfer_key = SecretKey();
    auto before = encode(bundle);
    CHECK(as_text(before).starts_with("handslag-bundle/1\n"));
    auto read = decode_bundle(before);
    REQUIRE(read.ok());
    CHECK(read->transfer_key.empty());
    CHECK(check_bundle(*read).ok());
    // Each version has its own members.
    before[16] = '2', now[16] = '1';
    CHECK(decode_bundle(before).error().code == Errc::malformed);
    CHECK(decode_bundle(now).error().code == Errc::malformed);
}

TEST_CASE("file names on sticks name nobody") {
    Opened at;
    at.plug_in();
    REQUIRE(complete_signing(at.tablet.desk(), at.tablet.input()).ok());
    auto name = fs::relative(at.files()[0], at.folder / "stick").string();
    auto device = at.tablet.keyring->device().str();
    auto begins = "handslag/STR26/A-" + device.substr(device.size() - 8) + "-1-000001-";
    CHECK(name.starts_with(begins));
    CHECK(name.size() == begins.size() + 17 + 7);  // two hashes, .bundle
    CHECK(name.find_first_not_of("0123456789abcdef-", begins.size()) == name.size() - 7);
}

TEST_CASE("any changed or missing byte of a bundle is found") {
    Opened at;
    auto done = complete_signing(at.tablet.desk(), at.tablet.input());
    REQUIRE(done.ok());
    REQUIRE(complete_signing(at.tablet.desk(), at.tablet.input("En till")).ok());
    auto whole = encode(read_bundle(*at.tablet.store, done->seq).value());
    auto is_good = [](ByteView bytes) {
        auto bundle = decode_bundle(bytes);
        return bundle.ok() && check_bundle(*bundle).ok();
    };
    REQUIRE(is_good(whole));
    // The transfer key is no part of the log: the seal around the bundle guards it alone.
    constexpr std::string_view key_member = "\"transfer_key\":\"";
    auto key_begin = as_text(whole).find(key_member) + key_member.size();
    // All of what frames the payloads, and some of each payload.
    std::size_t step = 1;
    for (std::size_t i = 0; i < whole.size(); i += step) {
        step = i < 4000 ? 1 : 997;
        if (i >= key_begin && i < key_begin + 64) continue;
        auto changed = whole;
        changed[i] ^= 1;
        CHECK_MESSAGE(!is_good(changed), i);
    }
    for (std::size_t size = 0; size < whole.size(); size += size < 4000 ? 37 : 9973)
        CHECK_MESSAGE(!is_good(ByteView(whole).first(size)), size);
    auto longer = whole;
    longer.push_back(0);
    CHECK_FALSE(is_good(longer));
    CHECK(decode_bundle(as_bytes("handslag-bundle/3\n....")).error().code == Errc::newer_version);
}

TEST_CASE("without a bundle certificate the signing stands, and the host is told that there is no copy") {
    Opened at;
    at.plug_in();
    at.tablet.ceremony.municipality.bundle_certificate_pem.clear();
    auto done = complete_signing(at.tablet.desk(), at.tablet.input());
    REQUIRE(done.ok());
    CHECK_FALSE(done->copied_to_stick);
    REQUIRE(done->copy_problem);
    CHECK(done->copy_problem->code == Errc::not_found);
    CHECK(at.files().empty());
    CHECK(copy_to_stick(at.tablet.desk()).error().code == Errc::not_found);
}

TEST_CASE("a stick that goes and comes back gets what it lacks, once") {
    Opened at;
    at.plug_in();
    REQUIRE(complete_signing(at.tablet.desk(), at.tablet.input("Första")).ok());
    fs::rename(at.folder / "stick", at.folder / "pocket");
    auto without = complete_signing(at.tablet.desk(), at.tablet.input("Andra"));
    REQUIRE(without.ok());
    CHECK_FALSE(without->copied_to_stick);
    CHECK(without->copy_problem->code == Errc::not_found);
    CHECK_FALSE(fs::exists(at.folder / "stick"));  // never a folder of the tablet's own
    fs::rename(at.folder / "pocket", at.folder / "stick");
    CHECK(copy_to_stick(at.tablet.desk()).value() == 2);  // "opened" and the second signing
    CHECK(at.files().size() == 3);
    auto rows = at.tablet.store->signings().value();
    for (const auto& row : rows) CHECK(row.copied_to_stick);
    CHECK(copy_to_stick(at.tablet.desk()).value() == 0);
    REQUIRE(void_signing(at.tablet.desk(), without->seq, "Fel namn").ok());
    auto closed = close_ceremony(at.tablet.desk(), {{at.tablet.ceremony.signatories[0], demo::drawn(3)}});
    REQUIRE(closed.ok());
    CHECK(closed->copied_to_stick);
    CHECK(at.files().size() == at.tablet.store->size());  // the whole log is there
}

TEST_CASE("a stick that cannot be written to costs nothing but the copy") {
    Opened at;
    at.plug_in();
    std::ofstream(at.folder / "stick" / "handslag") << "a file where the folder should be";
    auto done = complete_signing(at.tablet.desk(), at.tablet.input());
    REQUIRE(done.ok());
    REQUIRE(done->copy_problem);
    CHECK(done->copy_problem->code == Errc::not_writable);
    CHECK_FALSE(at.tablet.store->signings()->at(0).copied_to_stick);
    CHECK(at.tablet.store->audit()->ok());
}

TEST_CASE("another ceremony's entries never go to this municipality's stick") {
    Opened at;
    REQUIRE(complete_signing(at.tablet.desk(), at.tablet.input("Grannkommunens")).ok());
    REQUIRE(close_ceremony(at.tablet.desk(), {{at.tablet.ceremony.signatories[0], demo::drawn(3)}}).ok());
    at.tablet.ceremony.id = CeremonyId::make(demo::ceremony_time());
    REQUIRE(open_ceremony(at.tablet.desk()).ok());
    REQUIRE(complete_signing(at.tablet.desk(), at.tablet.input("Vår")).ok());
    at.plug_in();
    CHECK(copy_to_stick(at.tablet.desk()).value() == 2);
    for (const auto& file : at.files()) CHECK(file.filename().string().find("-00000") != std::string::npos);
    CHECK(at.files()[0].filename().string().find("-1-000003-") != std::string::npos);
    CHECK_FALSE(at.tablet.store->signings()->at(0).copied_to_stick);
    CHECK(at.tablet.store->signings()->at(1).copied_to_stick);
}

TEST_CASE("what was erased goes to the stick without its payloads") {
    Opened at;
    auto done = complete_signing(at.tablet.desk(), at.tablet.input());
    REQUIRE(done.ok());
    REQUIRE(at.tablet.store->erase(done->seq, "Gallringsbeslut 12/2026", at.tablet.clock.now()).ok());
    at.plug_in();
    CHECK(copy_to_stick(at.tablet.desk()).value() == 3);
    auto bundle = open_bundle(at.files()[1]);
    REQUIRE(bundle.ok());
    CHECK(bundle->payloads.empty());
    CHECK(check_bundle(*bundle).ok());
}

TEST_CASE("the visitor's stick gets the certificate under its number, and nothing else gets a name there") {
    Opened at;
    auto done = complete_signing(at.tablet.desk(), at.tablet.input());
    REQUIRE(done.ok());
    auto stick = at.folder / "stick";
    REQUIRE(hand_over(stick, done->record.certificate_number, done->pdf).ok());
    CHECK(read_file(stick / ("handslag-" + done->record.certificate_number + ".pdf")).value() == done->pdf);
    REQUIRE(hand_over(stick, done->record.certificate_number, done->pdf).ok());  // twice is once
    CHECK(at.files().size() == 1);
    CHECK(hand_over(stick, "../../etc/x", done->pdf).error().code == Errc::malformed);
    CHECK(hand_over(stick, "", done->pdf).error().code == Errc::malformed);
    CHECK(hand_over(at.folder / "gone", done->record.certificate_number, done->pdf).error().code ==
          Errc::not_found);
    CHECK_FALSE(fs::exists(at.folder / "gone"));
}

TEST_CASE("a damaged copy on the stick is no copy, and is written anew") {
    Opened at;
    at.plug_in();
    REQUIRE(complete_signing(at.tablet.desk(), at.tablet.input()).ok());
    REQUIRE(at.files().size() == 1);
    auto file = at.files()[0];
    auto whole = read_file(file).value();
    std::ofstream(file, std::ios::binary | std::ios::trunc) << "cut";
    CHECK(copy_to_stick(at.tablet.desk()).value() == 2);  // "opened", and the signing once more
    CHECK(at.files().size() == 2);
    CHECK_FALSE(fs::exists(file));
    for (const auto& written : at.files()) CHECK(check_bundle(*open_bundle(written)).ok());
    auto holes = whole;  // the right size, and zeros where it was never written
    std::fill(holes.begin() + 500, holes.begin() + 900, std::uint8_t{0});
    REQUIRE(write_file_durably(at.files()[1], holes).ok());
    CHECK(copy_to_stick(at.tablet.desk()).value() == 1);
    CHECK(copy_to_stick(at.tablet.desk()).value() == 0);
}

TEST_CASE("another entry of the same number, from before a backup was restored, is no copy of this one") {
    Opened at;
    at.plug_in();
    auto database = at.folder / "tablet" / "store";
    at.tablet.store.reset();
    fs::copy(database, at.folder / "backup", fs::copy_options::recursive);
    REQUIRE(at.tablet.reopen().ok());
    auto lost = complete_signing(at.tablet.desk(), at.tablet.input("Den förlorade"));
    REQUIRE(lost.ok());
    at.tablet.store.reset();
    fs::remove_all(database);
    fs::copy(at.folder / "backup", database, fs::copy_options::recursive);
    REQUIRE(at.tablet.reopen().ok());
    at.tablet.stick.clear();
    auto other = complete_signing(at.tablet.desk(), at.tablet.input("En annan"));
    REQUIRE(other.ok());
    REQUIRE(other->seq == lost->seq);
    at.plug_in();
    CHECK(copy_to_stick(at.tablet.desk()).value() == 2);
    CHECK(at.files().size() == 3);  // "opened", and both of number 1
}

TEST_CASE("nothing is written through a link on the stick") {
    Opened at;
    at.plug_in();
    fs::create_directories(at.folder / "elsewhere");
    fs::create_directory_symlink(at.folder / "elsewhere", at.folder / "stick" / "handslag");
    auto done = complete_signing(at.tablet.desk(), at.tablet.input());
    REQUIRE(done.ok());
    REQUIRE(done->copy_problem);
    CHECK(done->copy_problem->code == Errc::not_writable);
    fs::remove(at.folder / "stick" / "handslag");
    fs::create_directories(at.folder / "stick" / "handslag");
    fs::create_directory_symlink(at.folder / "elsewhere", at.folder / "stick" / "handslag" / "STR26");
    CHECK(copy_to_stick(at.tablet.desk()).error().code == Errc::not_writable);
    CHECK(fs::is_empty(at.folder / "elsewhere"));
}

// What the server has sent for tablets, as the kiosk reads it.
#include "kiosk/feed.h"

#include <fstream>

#include <doctest/doctest.h>

#include "kiosk/likeness.h"
#include "sync/client/link.h"
#include "sync/protocol/ceremony_folder.h"
#include "sync/protocol/expected_list.h"
#include "sync/protocol/signed_list.h"
#include "tests/support/ceremony_folder.h"
#include "tests/support/temporary_folder.h"
#include "tests/unit/kiosk/fixture.h"

using namespace kiosk_test;
namespace fs = std::filesystem;

namespace {

void file(const std::filesystem::path& folder, std::uint64_t position, core::Bytes content,
          wire::FeedKind kind = wire::FeedKind::signed_list) {
    wire::FeedItem item{position, kind, "", std::move(content)};
    REQUIRE(client::keep_feed_file(folder, item).ok());
}

}  // namespace

TEST_CASE("what stands elsewhere is read from the feed, and what cannot be read is counted and passed over") {
    TemporaryFolder folder;
    CHECK(read_feed(folder / "feed", {}).elsewhere.empty());
    auto feed = folder / "feed";
    file(feed, 1,
         wire::encode({{{"B-1", "Föreningen Ett", ""}, {"B-2", "Föreningen Två", "8020028711"}}, {}}));
    file(feed, 2, core::to_bytes("trasig"));
    file(feed, 10, wire::encode({{{"A-1", "Vår egen", ""}, {"B-3", "Föreningen Tre", ""}}, {"B-1"}}));
    file(feed, 5, core::to_bytes("a list"), wire::FeedKind::revocations);
    file(feed, 11, wire::encode({{{"B-3", "Föreningen Tre", ""}}, {}}));
    file(feed, 12, core::to_bytes("not for us"), static_cast<wire::FeedKind>(5));
    std::ofstream(feed / "skräp.txt") << "x";
    std::ofstream(feed / "-3") << "x";
    auto read = read_feed(feed, {"A-1"});
    REQUIRE(read.elsewhere.size() == 2);
    CHECK(read.elsewhere[0].organisation == "Föreningen Två");
    CHECK(read.elsewhere[0].organisationsnummer == "8020028711");
    CHECK(read.elsewhere[1].certificate_number == "B-3");
    CHECK(read.unreadable == std::vector<std::uint64_t>{2});
    REQUIRE(read.revocations.size() == 1);
    CHECK(read.revocations[0] == core::to_bytes("a list"));
}

TEST_CASE("a visitor whose organisation has signed on another tablet is told so") {
    auto state = Play(a_ceremony()).to_desk().state;
    state.lists.signings.clear();
    Visit visit;
    visit.name = "Strandens Scoutkår";
    CHECK_FALSE(likeness(state, visit));
    state.lists.elsewhere = std::make_shared<const std::vector<SignedElsewhere>>(
        std::vector<SignedElsewhere>{{"STR26-B0004-X", "strandens scoutkår", "8020028711"}});
    auto like = likeness(state, visit);
    REQUIRE(like);
    CHECK(like->kind == Likeness::Kind::same_name);
    CHECK(like->certificate_number == "STR26-B0004-X");
    visit.name = "Ett annat namn", visit.number = "802002-8711";
    CHECK(likeness(state, visit)->kind == Likeness::Kind::same_number);
    visit.replaces = "STR26-B0004-X";
    CHECK_FALSE(likeness(state, visit));
}

TEST_CASE("a ceremony from the server is offered when it passes the checks, and never twice") {
    TemporaryFolder folder;
    auto feed = folder / "feed";
    auto publish = [&](std::uint64_t position, const fs::path& from) {
        wire::FeedItem item{position, wire::FeedKind::ceremony, "",
                            wire::encode_folder(wire::read_folder(from).value()).value()};
        REQUIRE(client::keep_feed_file(feed, item).ok());
    };
    test::make_ceremony_folder(folder / "good", "Vårens");
    publish(1, folder / "good");
    auto read = read_feed(feed, {});
    REQUIRE(read.offered.size() == 1);
    CHECK(read.offered[0].title.starts_with("Vårens"));
    CHECK(read.offered[0].expected > 0);
    CHECK_FALSE(read.offered[0].chosen);
    CHECK(read.unreadable.empty());

    test::replaced_in(folder / "good/ceremony.toml", "Vårens", "Höstens");
    publish(2, folder / "good");  // the same ceremony, changed
    read = read_feed(feed, {});
    REQUIRE(read.offered.size() == 1);
    CHECK(read.offered[0].position == 2);
    auto loaded = core::load_ceremony(unpacked_ceremony(feed, 2)).value->digest;
    CHECK(read_feed(feed, {}, loaded).offered.empty());  // it is the one that is loaded

    REQUIRE(choose_ceremony(feed, 2).ok());
    CHECK(chosen_ceremony(feed) == 2);
    CHECK(read_feed(feed, {}).offered[0].chosen);
    forget_choice(feed);
    CHECK_FALSE(chosen_ceremony(feed));

    test::replaced_in(folder / "good/ceremony.toml", "place", "plats");
    publish(3, folder / "good");
    std::ofstream(feed / "4-1") << "trasig";
    read = read_feed(feed, {});
    CHECK(read.unreadable == std::vector<std::uint64_t>{3, 4});
    CHECK(read.offered.size() == 1);
    std::ofstream(feed / "chosen") << "../..";
    CHECK_FALSE(chosen_ceremony(feed));
}

TEST_CASE(
    "the newest list of a ceremony counts, unless its folder came later; what does not fit is passed over") {
    TemporaryFolder folder;
    auto feed = folder / "feed";
    test::make_ceremony_folder(folder / "here", "Vårens");
    auto ceremony = *core::load_ceremony(folder / "here").value;
    auto publish = [&](std::uint64_t position, const core::CeremonyId& id, const std::string& list) {
        file(feed, position, wire::encode(wire::ExpectedList{id, list}).value(), wire::FeedKind::expected);
    };
    auto names = [&](std::uint64_t behind) {
        std::vector<std::string> found;
        auto list = newest_list(feed, ceremony, behind).value();
        if (list)
            for (const auto& one : list->expected) found.push_back(one.organisation.name);
        return found;
    };
    CHECK(names(0).empty());
    publish(3, ceremony.id, "name;form\nKören;ideell förening\n");
    publish(7, ceremony.id, "name;form\nKören;ideell förening\nHemslöjden;ideell förening\n");
    publish(8, core::CeremonyId::make(opening_ms), "name;form\nEn annans;ideell förening\n");
    CHECK(names(0) == std::vector<std::string>{"Kören", "Hemslöjden"});
    CHECK(newest_list(feed, ceremony, 0).value()->position == 7);
    CHECK(names(7).empty());

    file(feed, 9, core::to_bytes("trasig"), wire::FeedKind::expected);
    CHECK(names(0).size() == 2);
    CHECK(read_feed(feed, {}).unreadable == std::vector<std::uint64_t>{9});
    // A ceremony that is offered has its list as it is now.
    auto content = wire::encode_folder(wire::read_folder(folder / "here").value()).value();
    file(feed, 5, content, wire::FeedKind::ceremony);
    CHECK(read_feed(feed, {}).offered.at(0).expected == 2);
    file(feed, 10, content, wire::FeedKind::ceremony);
    CHECK(read_feed(feed, {}).offered.at(0).expected == ceremony.expected.size());

    publish(11, ceremony.id, "name;form\nKören;okänd form\n");
    CHECK(newest_list(feed, ceremony, 0).error().code == core::Errc::damaged);
}

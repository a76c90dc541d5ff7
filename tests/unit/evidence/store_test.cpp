#include "core/evidence/store.h"

#include <doctest/doctest.h>

#include "tests/support/store_fixture.h"

using namespace core;
using test::open_store;

TEST_CASE("a new store has a signed head of the empty log") {
    test::Folder folder;
    auto store = open_store(folder.path() / "new" / "store").value();
    CHECK(store.size() == 0);
    auto head = open_checkpoint(store.checkpoint().value(), test::log_key().public_key()).value();
    CHECK(head == TreeHead{log_origin(test::identity().device, 1), 0, empty_root()});
}

TEST_CASE("what was appended is there after the store is opened again") {
    test::Folder folder;
    Appended appended;
    {
        auto store = open_store(folder.path()).value();
        CHECK(store.append(test::note("ett")).value().seq == 0);
        appended = store.append(test::note("två")).value();
    }
    auto store = open_store(folder.path()).value();
    CHECK(store.size() == 2);
    CHECK(appended.seq == 1);
    CHECK(store.checkpoint().value() == appended.checkpoint);
    CHECK(open_checkpoint(appended.checkpoint, test::log_key().public_key()).value() == appended.head);
    CHECK(as_text(store.payload(0, "text").value()) == "ett");
    CHECK(as_text(store.payload(1, "text").value()) == "två");
    CHECK(store.payload(1, "other").error().code == Errc::not_found);
    CHECK(store.payload(2, "text").error().code == Errc::not_found);
    CHECK(store.unsent().value() == 2);
}

TEST_CASE("an entry is public and says nothing of its payload") {
    test::Folder folder;
    auto store = open_store(folder.path()).value();
    auto what = test::note("Astrid Berg");
    what.entry.reason = "Astrid skrev fel";
    REQUIRE(store.append(what).ok());
    Entry entry = store.entry(0).value();
    CHECK(as_text(entry.bytes).find("Astrid") == std::string_view::npos);
    CHECK(entry.kind == "note");
    CHECK(entry.at.wall_ms == test::now().wall_ms);
    CHECK(entry.at.boot_id == test::now().boot_id);
    CHECK(entry.commitments.size() == 2);
    CHECK(entry.reason.empty());
    CHECK(as_text(store.payload(0, "reason").value()) == "Astrid skrev fel");
}

TEST_CASE("equal payloads leave different commitments") {
    test::Folder folder;
    auto store = open_store(folder.path()).value();
    REQUIRE(store.append(test::note("same")).ok());
    REQUIRE(store.append(test::note("same")).ok());
    CHECK(store.entry(0)->commitments.at("text") != store.entry(1)->commitments.at("text"));
}

TEST_CASE("a second opening is refused at once") {
    test::Folder folder;
    auto store = open_store(folder.path()).value();
    CHECK(open_store(folder.path()).error().code == Errc::locked);
    REQUIRE(store.append(test::note("still mine")).ok());
}

TEST_CASE("proofs from the store hold against its checkpoints") {
    test::Folder folder;
    auto store = open_store(folder.path()).value();
    std::vector<TreeHead> heads{
        open_checkpoint(store.checkpoint().value(), test::log_key().public_key()).value()};
    for (int i = 0; i < 20; ++i) heads.push_back(store.append(test::note(std::to_string(i))).value().head);
    for (std::uint64_t seq = 0; seq < 20; ++seq) {
        auto proof = store.prove_inclusion(seq, 20).value();
        CHECK(verify_inclusion(leaf_hash(store.entry(seq)->bytes), seq, 20, proof, heads[20].root));
    }
    for (std::uint64_t size = 0; size <= 20; ++size)
        CHECK(verify_consistency(size, heads[size].root, 20, heads[20].root,
                                 store.prove_consistency(size, 20).value()));
    CHECK(store.prove_inclusion(0, 21).error().code == Errc::not_found);
    CHECK(store.prove_consistency(0, 21).error().code == Errc::not_found);
}

TEST_CASE("drafts survive a restart, are replaced, and go with the signing that they became") {
    test::Folder folder;
    {
        auto store = open_store(folder.path()).value();
        REQUIRE(store.save_draft("a", as_bytes("first")).ok());
        REQUIRE(store.save_draft("a", as_bytes("second")).ok());
        REQUIRE(store.save_draft("b", as_bytes("other")).ok());
        REQUIRE(store.save_draft("c", as_bytes("dropped")).ok());
        REQUIRE(store.drop_draft("c").ok());
    }
    auto store = open_store(folder.path()).value();
    CHECK(store.drafts().value() ==
          std::map<std::string, Bytes>{{"a", to_bytes("second")}, {"b", to_bytes("other")}});
    auto what = test::note("signed");
    what.drop_draft = "a";
    REQUIRE(store.append(what).ok());
    CHECK(store.drafts().value() == std::map<std::string, Bytes>{{"b", to_bytes("other")}});
}

TEST_CASE("small values survive a restart") {
    test::Folder folder;
    {
        auto store = open_store(folder.path()).value();
        CHECK(store.value("pin_tries").value() == std::nullopt);
        REQUIRE(store.set("pin_tries", "1").ok());
        REQUIRE(store.set("pin_tries", "2").ok());
        REQUIRE(store.set("empty", "").ok());
    }
    auto store = open_store(folder.path()).value();
    CHECK(store.value("pin_tries").value() == "2");
    CHECK(store.value("empty").value() == "");
}

TEST_CASE("a certificate counter is used once") {
    test::Folder folder;
    auto store = open_store(folder.path()).value();
    CHECK(store.counter().value() == 0);
    auto what = test::note("seven");
    what.counter = 7;
    REQUIRE(store.append(what).ok());
    CHECK(store.counter().value() == 7);
    CHECK(store.append(what).error().code == Errc::conflict);
    CHECK(store.size() == 1);
    what.counter = 8;
    CHECK(store.append(what).value().seq == 1);
}

TEST_CASE("a receipt takes its entries out of the outbox, and the first one stays") {
    test::Folder folder;
    {
        auto store = open_store(folder.path()).value();
        for (int i = 0; i < 5; ++i) REQUIRE(store.append(test::note("x")).ok());
        REQUIRE(store.keep_receipts(std::vector{KeptReceipt{1, 2, to_bytes("first")}}, {{"head", "7"}}).ok());
        REQUIRE(store.keep_receipts(std::vector{KeptReceipt{2, 2, to_bytes("second")}}, {}).ok());
        CHECK(store.keep_receipts(std::vector{KeptReceipt{3, 3, to_bytes("x")}}, {{"head", "8"}})
                  .error()
                  .code == Errc::not_found);
    }
    auto store = open_store(folder.path()).value();
    CHECK(store.unsent_entries(0, 10).value() == std::vector<std::uint64_t>{0, 4});
    CHECK(store.unsent_entries(1, 10).value() == std::vector<std::uint64_t>{4});
    CHECK(store.value("head").value() == "7");
    CHECK(as_text(store.receipt(1).value().value()) == "first");
    CHECK(as_text(store.receipt(2).value().value()) == "first");
    CHECK(as_text(store.receipt(3).value().value()) == "second");
    CHECK_FALSE(store.receipt(0).value().has_value());
    CHECK(store.audit()->ok());
}

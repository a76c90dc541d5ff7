#include "core/evidence/checkpoint.h"

#include <doctest/doctest.h>

#include "core/base/file.h"
#include "core/base/json.h"

using namespace core;

namespace {

const Ed25519Key& log_key() {
    static const Ed25519Key key = Ed25519Key::from_seed(Bytes(32, 7)).value();
    return key;
}

TreeHead known_head() {
    return {log_origin({parse_uuid("018f3a2b-1c2d-7e3f-8a4b-5c6d7e8f9a0b").value()}, 3),
            42,
            {sha256(as_bytes("root"))}};
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

Errc refusal(const std::string& note) {
    auto opened = open_checkpoint(note, log_key().public_key());
    REQUIRE_FALSE(opened.ok());
    return opened.error().code;
}

// Text signed as it stands, to show that a refusal is for its form and not for its signature.
std::string signed_text(const std::string& text, const std::string& name) {
    const std::uint8_t between[] = {'\n', 1};
    auto id = sha256({as_bytes(name), between, log_key().public_key()});
    Bytes line(id.begin(), id.begin() + 4);
    append(line, log_key().sign(as_bytes(text)));
    return text + "\n\u2014 " + name + " " + to_base64(line) + "\n";
}

}  // namespace

TEST_CASE("a checkpoint reads back as the head that was signed") {
    auto note = sign_checkpoint(known_head(), log_key());
    CHECK(open_checkpoint(note, log_key().public_key()).value() == known_head());
    CHECK(note.starts_with("handslag/device/018f3a2b-1c2d-7e3f-8a4b-5c6d7e8f9a0b/3\n42\n"));
    CHECK(note == signed_text(note.substr(0, note.find("\n\n") + 1), known_head().origin));
}

TEST_CASE("a checkpoint of the empty tree is a checkpoint") {
    TreeHead head{"handslag/device/x/1", 0, empty_root()};
    CHECK(open_checkpoint(sign_checkpoint(head, log_key()), log_key().public_key()).value() == head);
}

TEST_CASE("a checkpoint that another key signed is refused") {
    auto note = sign_checkpoint(known_head(), Ed25519Key::generate());
    CHECK(refusal(note) == Errc::damaged);
}

TEST_CASE("a changed size, root, origin or signature is refused") {
    auto note = sign_checkpoint(known_head(), log_key());
    CHECK(refusal(replaced(note, "\n42\n", "\n43\n")) == Errc::damaged);
    CHECK(refusal(replaced(note, "/3\n42", "/4\n42")) == Errc::damaged);
    auto other_root = sign_checkpoint({known_head().origin, 42, {sha256(as_bytes("other"))}}, log_key());
    auto root_line = [](const std::string& text) {
        auto from = text.find("\n42\n") + 4;
        return text.substr(from, text.find('\n', from) - from);
    };
    CHECK(refusal(replaced(note, root_line(note), root_line(other_root))) == Errc::damaged);
}

TEST_CASE("no single flipped bit leaves a checkpoint valid") {
    auto note = sign_checkpoint(known_head(), log_key());
    for (std::size_t byte = 0; byte < note.size(); ++byte)
        for (int bit = 0; bit < 8; ++bit) {
            auto flipped = note;
            flipped[byte] = static_cast<char>(flipped[byte] ^ (1 << bit));
            CHECK_FALSE(open_checkpoint(flipped, log_key().public_key()).ok());
        }
}

TEST_CASE("a checkpoint in another form is malformed, however well it is signed") {
    std::string origin = "handslag/device/x/1", root = to_base64(empty_root().bytes);
    CHECK(open_checkpoint(signed_text(origin + "\n0\n" + root + "\n", origin), log_key().public_key()).ok());
    CHECK(refusal(signed_text(origin + "\n00\n" + root + "\n", origin)) == Errc::malformed);
    CHECK(refusal(signed_text(origin + "\n-1\n" + root + "\n", origin)) == Errc::malformed);
    CHECK(refusal(signed_text(origin + "\n+1\n" + root + "\n", origin)) == Errc::malformed);
    CHECK(refusal(signed_text(origin + "\n1 \n" + root + "\n", origin)) == Errc::malformed);
    CHECK(refusal(signed_text(origin + "\n99999999999999999999\n" + root + "\n", origin)) == Errc::malformed);
    CHECK(refusal(signed_text(origin + "\n1\n" + root.substr(4) + "\n", origin)) == Errc::malformed);
    CHECK(refusal(signed_text(origin + "\n1\n" + root + "\nmore\n", origin)) == Errc::malformed);
    CHECK(refusal(signed_text(origin + "\n1\n", origin)) == Errc::malformed);
    CHECK(refusal(signed_text("with space\n1\n" + root + "\n", "with space")) == Errc::malformed);
    CHECK(refusal(signed_text(origin + "\r\n1\n" + root + "\n", origin)) == Errc::malformed);
    CHECK(refusal("") == Errc::malformed);
    CHECK(refusal(std::string(20'000, 'x')) == Errc::malformed);
}

TEST_CASE("a checkpoint cut short anywhere is refused") {
    auto note = sign_checkpoint(known_head(), log_key());
    for (std::size_t size = 0; size < note.size(); ++size)
        CHECK_FALSE(open_checkpoint(note.substr(0, size), log_key().public_key()).ok());
}

TEST_CASE("a witness may sign beside the log, and never in its place") {
    auto note = sign_checkpoint(known_head(), log_key());
    std::string witness = "\u2014 witness.example " + to_base64(Bytes(68, 9)) + "\n";
    CHECK(open_checkpoint(note + witness, log_key().public_key()).value() == known_head());
    auto text = note.substr(0, note.find("\n\n") + 2);
    CHECK(refusal(text + witness) == Errc::damaged);
    CHECK(refusal(note + "\u2014 witness.example\n") == Errc::malformed);
    CHECK(refusal(note + "witness.example " + to_base64(Bytes(68, 9)) + "\n") == Errc::malformed);
    auto ours = note.substr(text.size());
    CHECK(refusal(note + ours) == Errc::malformed);
}

TEST_CASE("a log's key reads back as it is passed on, and the world's best known one is read") {
    auto known = parse_note_key("sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8");
    REQUIRE(known.ok());
    CHECK(known->name == "sum.golang.org");
    CHECK(known->algorithm == NoteAlgorithm::checkpoint);
    NoteKey witness{"handslag/device/x/1", NoteAlgorithm::cosignature, log_key().public_key()};
    CHECK(parse_note_key(encode_note_key(witness)).value() == witness);
    auto text = encode_note_key(witness);
    for (const auto& wrong :
         {replaced(text, "/x/", "/y/"), text + "A", text.substr(0, text.size() - 4), std::string(),
          std::string("a+b"), encode_note_key({witness.name, static_cast<NoteAlgorithm>(2), witness.key})})
        CHECK_MESSAGE(parse_note_key(wrong).error().code == Errc::malformed, wrong);
}

TEST_CASE("a witness's line holds for its head, its key, its time and nothing else") {
    auto witness_key = Ed25519Key::from_seed(Bytes(32, 8)).value();
    NoteKey witness{"handslag/device/w/1", NoteAlgorithm::cosignature, witness_key.public_key()};
    auto signature = cosign(known_head(), 1'795'000'000, witness_key);
    // By the words of C2SP tlog-cosignature, put together by hand.
    auto note = sign_checkpoint(known_head(), log_key());
    auto body = note.substr(0, note.find("\n\n") + 1);
    CHECK(signature.signature == witness_key.sign(as_bytes("cosignature/v1\ntime 1795000000\n" + body)));

    auto cosigned = note + cosignature_line(witness, signature);
    CHECK(open_checkpoint(cosigned, log_key().public_key()).value() == known_head());
    CHECK(find_cosignature(cosigned, known_head(), witness).value() == signature);
    CHECK(find_cosignature(note, known_head(), witness).value() == std::nullopt);
    auto other = witness;
    other.name = "handslag/device/v/1";
    CHECK(find_cosignature(cosigned, known_head(), other).value() == std::nullopt);

    auto later = signature;
    ++later.time_s;
    CHECK(find_cosignature(note + cosignature_line(witness, later), known_head(), witness).error().code ==
          Errc::damaged);
    auto elsewhere = known_head();
    ++elsewhere.size;
    CHECK_FALSE(verify_cosignature(elsewhere, signature, witness.key));
    CHECK_FALSE(verify_cosignature(known_head(), signature, log_key().public_key()));
    // A checkpoint's signature by the same key under the same name is no cosignature.
    TreeHead named{witness.name, 42, known_head().root};
    CHECK(find_cosignature(sign_checkpoint(named, witness_key), named, witness).value() == std::nullopt);
}

TEST_CASE("the golden cosignature is made and found byte for byte, and its neighbours do not hold") {
    auto golden =
        Json::parse(as_text(read_file(HANDSLAG_SOURCE_DIR "/tests/golden/sync/cosigned.json").value()));
    auto text = [&](const char* name) { return golden[name].get<std::string>(); };
    auto log = parse_note_key(text("log_key")).value(), witness = parse_note_key(text("witness_key")).value();
    auto head = open_checkpoint(text("checkpoint"), log.key).value();
    auto key = Ed25519Key::from_seed(from_hex(text("witness_seed")).value()).value();
    CHECK(key.public_key() == witness.key);
    auto made = cosign(head, golden["time_s"].get<std::uint64_t>(), key);
    CHECK(to_hex(made.signature) == text("signature"));
    CHECK(text("checkpoint") + cosignature_line(witness, made) == text("cosigned"));
    CHECK(open_checkpoint(text("cosigned"), log.key).value() == head);
    CHECK(find_cosignature(text("cosigned"), head, witness).value() == made);
    std::size_t refused = 0;
    for (const auto& invalid : golden["invalid"]) {
        INFO(invalid["name"].get<std::string>());
        auto note = invalid["cosigned"].get<std::string>();
        CHECK(open_checkpoint(note, log.key).value() == head);  // the log's own line holds
        CHECK(find_cosignature(note, head, witness).error().code == Errc::damaged);
        ++refused;
    }
    CHECK(refused == 6);
}

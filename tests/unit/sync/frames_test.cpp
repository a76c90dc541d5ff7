#include "sync/protocol/frames.h"

#include <doctest/doctest.h>

#include "core/base/file.h"
#include "core/base/json.h"

using namespace core;
using namespace wire;

namespace {

NodeHash node(std::uint8_t byte) {
    NodeHash hash;
    hash.bytes.fill(byte);
    return hash;
}
ParcelHash parcel(std::uint8_t byte) { return {node(byte).bytes}; }

const std::string device_note =
    "handslag/device/01932f5e-7a10-7c3d-9e21-5b1f0c2d3e4f/1\n2\nAAAA\n\n— x AAAA\n";
const std::string server_note = "handslag/server/s\n9\nBBBB\n";

// What tests/golden/sync/frames.json says byte by byte.
const std::map<std::string, Frame>& samples() {
    static const DeviceId device = *DeviceId::parse("01932f5e-7a10-7c3d-9e21-5b1f0c2d3e4f");
    static const Nonce nonce = node(8).bytes;
    static Ed25519Signature signature;
    signature.fill(4);
    static const std::map<std::string, Frame> all{
        {"hello", Hello{{device, 1}, device_note, server_note, 7}},
        {"hello-first", Hello{{device, 2}, device_note, "", 0}},
        {"claim", Claim{node(1).bytes, device_note, {node(2), node(3)}, signature}},
        {"transfer-key", TransferKey{to_bytes("sealed")}},
        {"blob-part", BlobPart{parcel(5), 100, 97, to_bytes("end")}},
        {"entry-batch",
         EntryBatch{
             device_note, 3, 9, {{to_bytes("entry"), parcel(6)}, {to_bytes("{}"), std::nullopt}}, {node(7)}}},
        {"cosigned", Cosigned{server_note, {1'795'000'000, signature}}},
        {"welcome",
         Welcome{
             nonce, LogState::active, server_note, {node(9)}, device_note, 2, true, {{parcel(10), 4096}}}},
        {"welcome-frozen", Welcome{nonce, LogState::frozen, server_note, {}, "", 0, false, {}}},
        {"held", Held{{{parcel(11), 1}, {parcel(12), std::uint64_t{1} << 40}}}},
        {"receipts", Receipts{server_note,
                              5,
                              {node(13)},
                              {{6,
                                3,
                                {{Standing::accepted, 1'795'000'000'000, parcel(6)},
                                 {Standing::conflict, -1, std::nullopt}},
                                {node(14), node(15)}}}}},
        {"feed-item", FeedItem{8, FeedKind::expected, "förväntade", to_bytes("name;number\n")}},
        {"feed-item-of-a-kind-to-come",
         FeedItem{8, static_cast<FeedKind>(5), "förväntade", to_bytes("name;number\n")}},
        {"refusal", Refusal{RefusalCode::newer_version, "another version"}},
    };
    return all;
}

Json golden() {
    auto file = read_file(HANDSLAG_SOURCE_DIR "/tests/golden/sync/frames.json").value();
    return Json::parse(as_text(file));
}
Bytes bytes_of(const Json& vector) { return from_hex(vector["bytes"].get<std::string>()).value(); }

Bytes whole_exchange() {
    std::vector<Frame> frames;
    for (const auto& [name, frame] : samples()) frames.push_back(frame);
    return encode_exchange(frames);
}

}  // namespace

TEST_CASE("every golden frame decodes to what it says, and encodes to the same bytes") {
    std::size_t compared = 0;
    const Json all = golden();
    for (const auto& vector : all["valid"]) {
        auto name = vector["name"].get<std::string>();
        INFO(name);
        REQUIRE(samples().contains(name));
        auto decoded = decode_frame(bytes_of(vector));
        REQUIRE(decoded.ok());
        CHECK(*decoded == samples().at(name));
        CHECK(encode(samples().at(name)) == bytes_of(vector));
        ++compared;
    }
    CHECK(compared == samples().size());
}

TEST_CASE("every invalid golden frame is refused") {
    std::size_t refused = 0;
    const Json all = golden();
    for (const auto& vector : all["invalid"]) {
        INFO(vector["name"].get<std::string>());
        auto decoded = decode_frame(bytes_of(vector));
        REQUIRE(!decoded.ok());
        CHECK(decoded.error().code == Errc::malformed);
        ++refused;
    }
    CHECK(refused > 15);
}

TEST_CASE("an exchange of another version is refused in words") {
    int judged = 0;
    const Json all = golden();
    for (const auto& vector : all["exchanges"]) {
        INFO(vector["name"].get<std::string>());
        auto decoded = decode_exchange(bytes_of(vector));
        ++judged;
        if (vector["error"].get<std::string>().empty()) {
            REQUIRE(decoded.ok());
            CHECK(decoded->size() == vector["frames"].get<std::size_t>());
        } else {
            REQUIRE(!decoded.ok());
            bool newer = vector["error"] == "newer_version";
            CHECK(decoded.error().code == (newer ? Errc::newer_version : Errc::malformed));
        }
    }
    CHECK(judged == 7);
    CHECK(decode_exchange(as_bytes("handslag-sync/2\n")).error().detail.find("version") != std::string::npos);
}

TEST_CASE("frames come out the same however the bytes are cut") {
    Bytes bytes = whole_exchange();
    for (std::size_t step = 1; step < 200; step += step < 20 ? 1 : 37) {
        FrameReader reader;
        std::vector<Frame> frames;
        for (std::size_t at = 0; at < bytes.size(); at += step) {
            reader.push(ByteView(bytes).subspan(at, std::min(step, bytes.size() - at)));
            while (auto frame = reader.next().value()) frames.push_back(std::move(*frame));
        }
        CHECK(reader.at_end());
        REQUIRE(frames.size() == samples().size());
        std::size_t i = 0;
        for (const auto& [name, frame] : samples()) CHECK(frames[i++] == frame);
    }
}

TEST_CASE("a frame's longest neighbours are refused before they are read") {
    Bytes head = to_bytes(preamble);
    append(head, Bytes{4, 0xff, 0xff, 0xff, 0xff});
    FrameReader reader;
    reader.push(head);
    CHECK(reader.next().error().code == Errc::malformed);
    CHECK(reader.next().error().code == Errc::malformed);

    BlobPart part{parcel(1), 10'000'000, 0, Bytes(longest_blob_part, 7)};
    CHECK(decode_frame(encode(Frame(part))).ok());
    auto longer = encode(Frame(part));
    longer.push_back(7);
    longer[2] = static_cast<std::uint8_t>((longer.size() - frame_head_size) >> 16);
    longer[3] = static_cast<std::uint8_t>((longer.size() - frame_head_size) >> 8);
    longer[4] = static_cast<std::uint8_t>(longer.size() - frame_head_size);
    CHECK(decode_frame(longer).error().code == Errc::malformed);
}

TEST_CASE("what has come of a cut blob part can be kept") {
    BlobPart part{parcel(1), 100, 10, Bytes(50, 7)};
    Bytes bytes = encode_exchange({part});
    std::size_t fixed = preamble.size() + frame_head_size + 48;
    for (std::size_t size = 0; size <= bytes.size(); ++size) {
        FrameReader reader;
        reader.push(ByteView(bytes).first(size));
        bool whole = reader.next().value().has_value();
        CHECK(whole == (size == bytes.size()));
        auto kept = reader.cut_blob_part();
        REQUIRE(kept.has_value() == (size > fixed && size < bytes.size()));
        if (kept) CHECK(kept->bytes == Bytes(size - fixed, 7));
        if (kept) CHECK(kept->offset == 10);
    }
}

TEST_CASE("a flipped bit is either refused or gives another frame, never the same one") {
    for (const auto& [name, frame] : samples()) {
        auto bytes = encode(frame);
        for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
            auto flipped = bytes;
            flipped[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
            auto decoded = decode_frame(flipped);
            if (!decoded.ok()) continue;
            CHECK_FALSE(*decoded == frame);
            CHECK(encode(*decoded) == flipped);
        }
    }
}

#include "sync/protocol/frames_file.h"

#include <doctest/doctest.h>

#include "core/base/file.h"
#include "core/base/json.h"
#include "core/certificate/keyring.h"

using namespace core;
using namespace wire;

namespace {

const Json& golden() {
    static const auto all =
        Json::parse(as_text(read_file(HANDSLAG_SOURCE_DIR "/tests/golden/sync/bundle.json").value()));
    return all;
}
Bytes hex(const Json& text) { return from_hex(text.get<std::string>()).value(); }
Bytes frame_named(const std::string& name) {
    static const auto frames =
        Json::parse(as_text(read_file(HANDSLAG_SOURCE_DIR "/tests/golden/sync/frames.json").value()));
    for (const auto& vector : frames["valid"])
        if (vector["name"] == name) return hex(vector["bytes"]);
    FAIL("no frame " << name);
    return {};
}

Source source_of(const Bytes& bytes) {
    return {bytes.size(), [&bytes](std::uint64_t offset, std::size_t size) -> Result<Bytes> {
                REQUIRE(offset + size <= bytes.size());
                auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(offset);
                return Bytes(begin, begin + static_cast<std::ptrdiff_t>(size));
            }};
}

Ed25519Public log_key() {
    Ed25519Public key{};
    auto bytes = hex(golden()["log_key"]);
    std::ranges::copy(bytes, key.begin());
    return key;
}

Result<Bytes> open_golden(ByteView sealed) {
    return open_sealed(sealed, golden()["bundle_key"].get<std::string>(),
                       golden()["bundle_key_passphrase"].get<std::string>(),
                       golden()["bundle_certificate"].get<std::string>());
}

// As the server reads: the head, the signature over everything, then the frames.
struct Read {
    std::optional<PartReader> reader;
    std::vector<Frame> frames;
};
Result<Read> read(const Bytes& file, const OpenSeal& open, const Ed25519Public& key) {
    Read read;
    TRY_ASSIGN(read.reader, PartReader::begin(source_of(file), open));
    TRY(check_signature(source_of(file), key));
    while (true) {
        TRY_ASSIGN(auto frame, read.reader->next());
        if (!frame) return read;
        read.frames.push_back(std::move(*frame));
    }
}

std::string_view name_of(Errc code) {
    return code == Errc::damaged ? "damaged" : code == Errc::newer_version ? "newer_version" : "malformed";
}

}  // namespace

TEST_CASE("the golden part opens to what it says") {
    const auto& told = golden()["part"];
    auto file = hex(told["bytes"]);
    CHECK(looks_like_part(file));
    auto part = read(file, open_golden, log_key());
    REQUIRE(part.ok());
    const auto& head = part->reader->head();
    CHECK(to_hex(head.key.bytes()) == told["key"]);
    CHECK(to_hex(head.bundle) == told["bundle"]);
    CHECK(head.place == told["place"]);
    CHECK(head.total == told["total"]);
    CHECK(head.log.device.str() == told["device"]);
    CHECK(head.log.epoch == told["epoch"]);
    CHECK(head.from == told["from"]);
    CHECK(head.to == told["to"]);
    REQUIRE(part->frames.size() == told["frames"].size());
    for (std::size_t i = 0; i < part->frames.size(); ++i)
        CHECK(encode(part->frames[i]) == frame_named(told["frames"][i].get<std::string>()));
}

TEST_CASE("every invalid golden part is refused for what is wrong with it") {
    std::size_t refused = 0;
    for (const auto& vector : golden()["invalid"]) {
        INFO(vector["name"].get<std::string>());
        auto part = read(hex(vector["bytes"]), open_golden, log_key());
        REQUIRE(!part.ok());
        CHECK(name_of(part.error().code) == vector["error"].get<std::string>());
        ++refused;
    }
    CHECK(refused == 17);
}

TEST_CASE("golden receipts open for their tablet alone") {
    const auto& told = golden()["receipts"];
    SecretKey key(hex(told["transfer_key"]));
    LogName log{*DeviceId::parse(golden()["part"]["device"].get<std::string>()), 1};
    auto exchange = open_receipts(key, log, hex(told["bytes"]));
    REQUIRE(exchange.ok());
    auto frames = decode_exchange(*exchange).value();
    REQUIRE(frames.size() == 2);
    for (std::size_t i = 0; i < 2; ++i)
        CHECK(encode(frames[i]) == frame_named(told["frames"][i].get<std::string>()));
    for (const auto& vector : told["invalid"]) {
        INFO(vector["name"].get<std::string>());
        auto opened = open_receipts(key, log, hex(vector["bytes"]));
        REQUIRE(!opened.ok());
        CHECK(name_of(opened.error().code) == vector["error"].get<std::string>());
    }
    CHECK(open_receipts(key, log, seal_receipts(key, log, *exchange)).value() == *exchange);
    CHECK(open_receipts(SecretKey(Bytes(32, 9)), log, hex(told["bytes"])).error().code == Errc::damaged);
}

TEST_CASE("what is written in chunks of any number is read back, in order, and in no other order") {
    auto signer = Ed25519Key::from_seed(Bytes(32, 3)).value();
    const Seal plain = [](ByteView bytes) { return Bytes(bytes.begin(), bytes.end()); };
    for (std::size_t blobs : {0, 1, 2, 5}) {
        Bytes file;
        PartHead head{SecretKey::random(), {}, 1, 1, {}, 0, 1};
        auto writer =
            PartWriter::begin(head, plain, [&](ByteView bytes) { return append(file, bytes), Status{}; });
        REQUIRE(writer.ok());
        std::vector<Frame> frames{TransferKey{to_bytes("sealed")}};
        for (std::size_t i = 0; i < blobs; ++i)
            frames.push_back(BlobPart{ParcelHash::of(as_bytes("x")), blobs * longest_blob_part,
                                      i * longest_blob_part, random_bytes(longest_blob_part)});
        for (const auto& frame : frames) REQUIRE(writer->write(frame).ok());
        REQUIRE(writer->finish(signer).ok());
        auto part = read(file, plain, signer.public_key());
        REQUIRE(part.ok());
        CHECK(part->frames == frames);
        constexpr std::size_t chunk = 64 * 1024 + 28;
        if (blobs < 2) continue;
        // The owner of the log key signs it, and still no chunk can take another's place.
        std::swap_ranges(file.begin() + 200, file.begin() + 200 + chunk, file.begin() + 200 + chunk);
        CHECK(read(file, plain, signer.public_key()).error().code == Errc::damaged);
        auto reader = PartReader::begin(source_of(file), plain);
        REQUIRE(reader.ok());
        CHECK(reader->next().error().code == Errc::damaged);
    }
}

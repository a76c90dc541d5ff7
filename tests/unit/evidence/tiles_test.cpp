#include "core/evidence/tiles.h"

#include <doctest/doctest.h>

using namespace core;

TEST_CASE("tiles are named as C2SP tlog-tiles names them") {
    const std::pair<TileName, const char*> named[] = {
        {{0, 0, 256}, "tile/0/000"},
        {{0, 1'234'067, 256}, "tile/0/x001/x234/067"},
        {{0, 273, 112}, "tile/0/273.p/112"},
        {{1, 1'000, 1}, "tile/1/x001/000.p/1"},
        {{std::nullopt, 999'999, 255}, "tile/entries/x999/999.p/255"},
        {{std::nullopt, 7, 256}, "tile/entries/007"},
        {{63, 0, 1}, "tile/63/000.p/1"},
    };
    for (const auto& [name, path] : named) {
        CHECK(tile_path(name) == path);
        CHECK(parse_tile_path(path) == name);
    }
}

TEST_CASE("another spelling of a tile's name is refused") {
    for (const char* path : {"tile/0/0",
                             "tile/0/0000",
                             "tile/00/000",
                             "tile/64/000",
                             "tile/-1/000",
                             "tile/0/x000/067",
                             "tile/0/001/067",
                             "tile/0/x001/x067",
                             "tile/0/x1/067",
                             "tile/0/067.p/0",
                             "tile/0/067.p/256",
                             "tile/0/067.p/05",
                             "tile/0/067.p/",
                             "tile/0/067.p",
                             "tile/0/",
                             "tile/0",
                             "tile/entry/000",
                             "tile/0/000/",
                             "tile/0/+01",
                             "tile/0/x001/x001/x001/x001/x001/x001/001",
                             "0/000",
                             ""})
        CHECK_MESSAGE(!parse_tile_path(path), path);
}

TEST_CASE("the tile that holds a node is full, or as wide as the tree allows") {
    CHECK(tile_of(0, 0, 1) == TileName{0, 0, 1});
    CHECK(tile_of(0, 255, 256) == TileName{0, 0, 256});
    CHECK(tile_of(0, 256, 300) == TileName{0, 1, 44});
    CHECK(tile_of(1, 0, 300) == TileName{1, 0, 1});
    CHECK(tile_of(std::nullopt, 299, 300) == TileName{std::nullopt, 1, 44});
}

TEST_CASE("leaves come out of a tile as they went in, and a tile that is cut is refused") {
    std::vector<Bytes> leaves{to_bytes("one"), {}, Bytes(longest_leaf, 7)};
    auto bytes = encode_leaves(leaves);
    CHECK(bytes.size() == 3 * 2 + 3 + longest_leaf);
    CHECK(decode_leaves(bytes).value() == leaves);
    CHECK(decode_leaves({})->empty());
    for (std::size_t size : {std::size_t{1}, std::size_t{4}, std::size_t{6}, bytes.size() - 1})
        CHECK(decode_leaves(ByteView(bytes).first(size)).error().code == Errc::malformed);
}

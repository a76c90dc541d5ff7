#include "core/base/json.h"

#include <doctest/doctest.h>

using namespace core;

TEST_CASE("canonical JSON sorts its keys and keeps its letters") {
    Json value;
    value["b"] = "Åsa \"Z\" \n\u0001";
    value["a"] = {1, -2, true};
    CHECK(encode_canonical(value) == "{\"a\":[1,-2,true],\"b\":\"Åsa \\\"Z\\\" \\n\\u0001\"}");
    CHECK(decode_canonical(encode_canonical(value)).value() == value);
}

TEST_CASE("whatever has a second spelling is refused") {
    for (auto text : {"{\"a\": 1}", "{\"b\":1,\"a\":2}", "{\"a\":1,\"a\":1}", "{\"a\":1.0}", "{\"a\":1e3}",
                      "{\"a\":null}", "{\"a\":\"\\u00e5\"}", "{\"a\":\"\\/\"}", "{\"a\":01}", "{\"a\":-0}",
                      "{\"a\":1} ", "", "{", "\"\xff\"", "{\"a\":9007199254740992}",
                      "{\"a\":18446744073709551615}", "[1,]", "{\"\xc3\xa5\":1}"}) {
        CAPTURE(text);
        auto result = decode_canonical(text);
        REQUIRE_FALSE(result.ok());
        CHECK(result.error().code == Errc::malformed);
    }
    CHECK(decode_canonical("{\"a\":9007199254740991}").ok());
}

TEST_CASE("deep nesting is refused before it costs anything") {
    std::string deep(100'000, '[');
    CHECK_FALSE(decode_canonical(deep).ok());
    CHECK(decode_canonical(R"(["\"[[[[[[[[[[[[[[[[[[[[","\\",[]])").ok());  // not what stands in texts
    CHECK_FALSE(decode_canonical(std::string(17, '[') + std::string(17, ']')).ok());
    CHECK(decode_canonical(std::string(16, '[') + std::string(16, ']')).ok());
}

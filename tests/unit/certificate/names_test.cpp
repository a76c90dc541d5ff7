// Hard names through the whole pipeline. With HANDSLAG_NAMES=DIR the certificates are kept there, with
// names.tsv (file, what must stand in it), for tests/peers/names.sh, which reads their text with other
// people's tools.
#include <cstdlib>
#include <fstream>
#include <set>

#include <doctest/doctest.h>

#include "tests/support/certificate_samples.h"
#include "tests/unit/certificate/hard_names.h"

namespace {

core::SigningRecord named(const std::string& name) {
    core::SigningRecord record = test::sample_record(1, 0);
    record.organisation.name = name;
    record.representatives[0].representative.name = name;
    return record;
}

}  // namespace

TEST_CASE("two hundred hard names come out as they were typed") {
    test::Pki pki;
    core::SealKey key = test::load(pki.issue());
    const char* folder = std::getenv("HANDSLAG_NAMES");
    std::ofstream list;
    if (folder != nullptr) list.open(std::string(folder) + "/names.tsv");
    std::set<std::string> seen;
    int number = 100;
    for (const test::HardName& name : test::hard_names) {
        INFO(std::string(name.typed));
        std::string shown = name.shown != nullptr ? name.shown : name.typed;
        auto parsed = core::parse_name(name.typed);
        REQUIRE(parsed.value.has_value());
        CHECK(*parsed.value == shown);
        seen.insert(name.typed);
        auto made = test::workshop().make(named(*parsed.value), key);
        if (!made.ok()) FAIL_CHECK(made.error().detail);
        if (!made.ok() || folder == nullptr) continue;
        std::string file = std::to_string(number++) + ".pdf";
        std::ofstream(std::string(folder) + "/" + file, std::ios::binary) << core::as_text(made->pdf);
        list << file << '\t' << shown << '\n';
    }
    CHECK(seen.size() == test::hard_names.size());
}

TEST_CASE("a name that cannot be set right is refused before anybody signs, and not repeated in the error") {
    for (std::string name : test::refused_names) {
        INFO(name);
        auto parsed = core::parse_name(name);
        if (!parsed.value) continue;
        auto document = core::lay_out_certificate(named(*parsed.value), test::workshop().context());
        REQUIRE_FALSE(document.ok());
        CHECK(document.error().code == core::Errc::undrawable_text);
        CHECK(document.error().detail.starts_with("U+"));
        CHECK(document.error().detail.size() <= 8);
    }
}

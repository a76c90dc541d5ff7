// Our half of certificate_peer.sh: the same page, stage by stage.
//
//   certificate_peer prepare DIR     key, chain and the laid-out page as JSON, for us and for the other maker
//   certificate_peer make DIR FILE   one certificate from a cold process
//   certificate_peer time DIR N      N warm rounds; lines of stage, median, p95 and median processor time
//   (ms), by tabs
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <functional>
#include <iterator>

#include "core/base/json.h"
#include "core/certificate/draw.h"
#include "core/certificate/seal.h"
#include "core/certificate/structure.h"
#include "tests/support/ladder.h"

namespace {

std::string read(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}
void write(const std::string& path, std::string_view content) {
    std::ofstream(path, std::ios::binary) << content;
}

template <class T>
T must(core::Result<T> result) {
    if (!result.ok()) {
        std::fprintf(stderr, "certificate_peer: %s\n", result.error().detail.c_str());
        std::exit(1);
    }
    return std::move(result).value();
}

// Micrometres, as core/model/page.h has them; colours as "#rrggbb".
struct ToJson {
    static std::string colour(const core::Rgb& rgb) {
        char text[8];
        std::snprintf(text, sizeof text, "#%02x%02x%02x", rgb.r, rgb.g, rgb.b);
        return text;
    }
    core::Json operator()(const core::TextItem& item) const {
        return {{"kind", "text"},
                {"text", item.text},
                {"face", static_cast<int>(item.face)},
                {"size", item.size_um},
                {"x", item.x_um},
                {"y", item.baseline_um},
                {"colour", colour(item.colour)}};
    }
    core::Json operator()(const core::LineItem& item) const {
        return {{"kind", "line"},
                {"x1", item.x1_um},
                {"y1", item.y1_um},
                {"x2", item.x2_um},
                {"y2", item.y2_um},
                {"width", item.width_um},
                {"colour", colour(item.colour)}};
    }
    core::Json operator()(const core::InkItem& item) const {
        std::string path;
        auto point = [&](const core::InkVec& at) {
            path += std::to_string(std::lround(at.x)) + " " + std::to_string(std::lround(at.y)) + " ";
        };
        for (const auto& outline : item.outlines) {
            path += "M ";
            point(outline.start);
            for (const auto& segment : outline.segments)
                path += "C ", point(segment.c1), point(segment.c2), point(segment.to);
            path += "Z ";
        }
        return {{"kind", "path"}, {"path", path}, {"colour", colour(item.colour)}};
    }
    core::Json operator()(const core::ArmsItem&) const { return {{"kind", "arms"}}; }
    core::Json operator()(const core::QrItem& item) const {
        core::Json rows = core::Json::array();
        for (int row = 0; row < item.code.side; ++row) {
            std::string line;
            for (int column = 0; column < item.code.side; ++column)
                line += item.code.at(column, row) ? '1' : '0';
            rows.push_back(line);
        }
        return {{"kind", "qr"}, {"x", item.x_um}, {"y", item.y_um}, {"side", item.side_um}, {"rows", rows}};
    }
};

void prepare(const std::string& folder) {
    test::Pki pki;
    test::Seal seal = pki.issue();
    write(folder + "/key.pem", seal.key_pem);
    write(folder + "/chain.pem", seal.chain_pem);
    core::Json items = core::Json::array();
    core::Document document =
        must(core::lay_out_certificate(test::sample_record(), test::workshop().context()));
    for (const auto& item : document.pages.at(0).items) items.push_back(std::visit(ToJson(), item));
    write(folder + "/page.json", core::Json{{"items", items}, {"title", document.title}}.dump());
}

core::SealKey key_of(const std::string& folder) {
    return must(core::SealKey::load(folder + "/key.pem", "", read(folder + "/chain.pem")));
}

double ms_on(clockid_t clock) {
    timespec now{};
    clock_gettime(clock, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

void measure(const char* stage, int rounds, const std::function<void()>& work) {
    std::vector<double> wall, cpu;
    for (int i = 0; i < rounds; ++i) {
        double wall_start = ms_on(CLOCK_MONOTONIC), cpu_start = ms_on(CLOCK_PROCESS_CPUTIME_ID);
        work();
        cpu.push_back(ms_on(CLOCK_PROCESS_CPUTIME_ID) - cpu_start);
        wall.push_back(ms_on(CLOCK_MONOTONIC) - wall_start);
    }
    std::sort(wall.begin(), wall.end());
    std::sort(cpu.begin(), cpu.end());
    std::printf("%s\t%.2f\t%.2f\t%.2f\n", stage, wall[wall.size() / 2], wall[wall.size() * 95 / 100],
                cpu[cpu.size() / 2]);
}

void time_stages(const std::string& folder, int rounds) {
    const test::Workshop& shop = test::workshop();
    core::SealKey key = key_of(folder);
    core::SigningRecord record = test::sample_record();
    std::string bytes = core::encode(record);
    core::Document document = must(core::lay_out_certificate(record, shop.context()));
    core::MakeInput input = shop.input(document, bytes);
    core::Drawn drawn = must(core::draw(document, shop.fonts(), input.arms));
    core::Bytes structured = must(core::add_structure(drawn, input));
    core::Bytes made = must(core::seal(structured, key));
    std::string trust = key.root_pem();
    measure("layout", rounds, [&] { must(core::lay_out_certificate(record, shop.context())); });
    measure("draw", rounds, [&] { must(core::draw(document, shop.fonts(), input.arms)); });
    measure("structure", rounds, [&] { must(core::add_structure(drawn, input)); });
    measure("seal", rounds, [&] { must(core::seal(structured, key)); });
    measure("verify", rounds, [&] { must(core::verify_certificate(made, trust, test::now_ms)); });
    measure("whole", rounds, [&] { must(shop.make(record, key)); });
    test::Ladder ladder(test::KeyKind::p256);
    const auto& world = ladder.world;
    measure("extend to B-T", rounds, [&] {
        auto digest = must(core::seal_timestamp_digest(ladder.bb));
        must(core::add_seal_timestamp(ladder.bb, world.stamp(digest, test::Ladder::stamped_ms)));
    });
    measure("extend to B-LT", rounds, [&] { must(core::add_validation_data(ladder.bt, ladder.needs)); });
    measure("extend to B-LTA", rounds,
            [&] { ladder.with_document_timestamp(ladder.blt, test::Ladder::stamped_ms + 1000, false); });
    std::printf("size\t%zu\n", made.size());
}

}  // namespace

int main(int count, char** arguments) {
    std::string what = count > 2 ? arguments[1] : "";
    if (what == "prepare")
        prepare(arguments[2]);
    else if (what == "make" && count == 4)
        write(arguments[3],
              core::as_text(must(test::workshop().make(test::sample_record(), key_of(arguments[2]))).pdf));
    else if (what == "time" && count == 4)
        time_stages(arguments[2], std::max(1, std::atoi(arguments[3])));
    else
        return std::fputs("usage: certificate_peer prepare DIR | make DIR FILE | time DIR N\n", stderr), 2;
    return 0;
}

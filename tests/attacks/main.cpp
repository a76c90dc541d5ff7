// Makes every kind of attack, and says what our verifier says: attacks [--write DIR]
//
// Ends with 1 when one is accepted, or refused by another check than its kind names. With --write the first
// file of each kind is left in DIR, beside CA files, for tests/attacks/peers.sh. HANDSLAG_FULL=1 tries every
// bit.
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "core/longterm/judge.h"
#include "tests/attacks/kinds.h"

namespace {

struct Said {
    std::string check, reason;
};

Said judge(core::ByteView pdf, const attacks::Kind& by) {
    core::TrustFiles trust{by.trust.empty() ? attacks::victim().pki.root_pem() : by.trust, by.trust_tsa};
    auto judged = core::judge_long_term(pdf, trust, by.at_ms, by.more);
    if (!judged.ok()) return {"form", judged.error().detail};
    const core::VerifyReport& report = judged->report;
    if (report.verdict == core::Verdict::valid && !by.level.empty() && report.level != by.level)
        return {"level", "it is " + report.level + ", and " + by.level + " was said"};
    if (report.verdict == core::Verdict::valid) return {"ACCEPTED", report.level};
    if (const core::Finding* failure = report.first_failure()) return {failure->check, failure->what};
    for (const core::Finding& finding : report.findings)
        if (finding.outcome == core::Finding::Outcome::not_checked) return {"undecided", finding.what};
    return {"undecided", ""};
}

bool is_one_of(const std::string& check, const std::string& list) {
    return ("|" + list + "|").find("|" + check + "|") != std::string::npos;
}

// They judge by today's clock and one list of roots, without what our verifier was told besides.
bool others_can_be_asked(const attacks::Kind& kind) {
    bool known = kind.trust.empty() || kind.trust == attacks::shared_ladder().world.root.pem();
    return known && kind.more.empty() && kind.level.empty() && kind.at_ms >= test::now_ms &&
           kind.at_ms <= test::now_ms + test::day_ms;
}

void save(const std::filesystem::path& file, core::ByteView content) {
    std::ofstream(file, std::ios::binary)
        .write(reinterpret_cast<const char*>(content.data()), static_cast<std::streamsize>(content.size()));
}

struct Group {
    const char* where;
    std::vector<attacks::Kind> kinds;
};
std::vector<Group> all_groups() {
    return {{"in the seal's CMS", attacks::seal_kinds()},
            {"around the seal", attacks::file_kinds()},
            {"on the pages, sealed with a true key", attacks::page_kinds()},
            {"in the record, sealed with a true key", attacks::record_kinds()},
            {"on the way up the ladder", attacks::ladder_kinds()},
            {"in the last timestamp's CMS", attacks::token_kinds()}};
}

struct Tally {
    std::size_t kinds = 0, files = 0, wrong = 0;
};

// Each file of the kind; the first is left in `folder`, when there is one and others can be asked about it.
void try_kind(const attacks::Kind& kind, const std::filesystem::path& folder, Tally& tally) {
    std::size_t tried = 0, missed = 0;
    Said first, other;
    kind.make([&](core::Bytes file) {
        Said said = judge(file, kind);
        if (tried++ == 0) {
            first = said;
            if (!folder.empty() && others_can_be_asked(kind)) save(folder / (kind.name + ".pdf"), file);
        }
        if (!is_one_of(said.check, kind.refused_by) && missed++ == 0) other = said;
    });
    ++tally.kinds, tally.files += tried;
    std::printf("%-54s %6zu  %-20s %s\n", kind.name.c_str(), tried, first.check.c_str(),
                first.reason.c_str());
    if (missed == 0 && tried > 0) return;
    ++tally.wrong;
    std::printf("  WRONG: %zu of %zu should be refused by %s, the first by %s: %s\n", missed, tried,
                kind.refused_by.c_str(), other.check.c_str(), other.reason.c_str());
}

}  // namespace

int main(int count, char** arguments) {
    using namespace attacks;
    std::filesystem::path folder;
    if (count == 3 && std::strcmp(arguments[1], "--write") == 0) folder = arguments[2];
    if (count != 1 && folder.empty()) return std::fprintf(stderr, "usage: attacks [--write DIR]\n"), 2;

    std::string root = victim().pki.root_pem();
    if (Said honest = judge(victim().pdf, {}); honest.check != "ACCEPTED")
        return std::fprintf(stderr, "the honest certificate is refused: %s\n", honest.reason.c_str()), 1;
    if (Said again = judge(Workbench::unsealed().sealed(), {}); again.check != "ACCEPTED")
        return std::fprintf(stderr, "taken apart and sealed again it is refused: %s\n", again.reason.c_str()),
               1;
    if (Said again = judge(in_hole(encode_cms({})), {}); again.check != "ACCEPTED")
        return std::fprintf(stderr, "with its own CMS it is refused: %s\n", again.reason.c_str()), 1;
    if (!folder.empty()) {
        std::filesystem::create_directories(folder);
        save(folder / "00-honest.pdf", victim().pdf);
        save(folder / "00-honest-B-LTA.pdf", shared_ladder().blta);
        auto trusted = root + shared_ladder().trust().seals_pem + shared_ladder().trust().timestamps_pem;
        save(folder / "root.pem", core::as_bytes(trusted));
    }

    Tally tally;
    std::string list;  // of kinds and where they attack, for peers.sh
    std::printf("%-54s %6s  %-20s %s\n", "kind", "files", "refused by", "reason (of the first)");
    for (const Group& group : all_groups()) {
        std::printf("\n%s:\n", group.where);
        for (const Kind& kind : group.kinds) {
            try_kind(kind, folder, tally);
            list += kind.name + "\t" + group.where + "\n";
        }
    }
    if (!folder.empty()) save(folder / "kinds.tsv", core::as_bytes(list));
    std::printf("\n%zu kinds, %zu files, %zu kinds not refused as they should be\n", tally.kinds, tally.files,
                tally.wrong);
    return tally.wrong == 0 && tally.kinds >= 60 ? 0 : 1;
}

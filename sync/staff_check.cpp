// handslag ceremony check, handslag agreement check: what a municipality prepared, before anybody stands in
// the room.
#include <iostream>

#include "core/base/file.h"
#include "core/certificate/blank_form.h"
#include "core/model/ceremony.h"
#include "sync/staff.h"

namespace staff {
namespace {

template <class T>
bool report(const core::Loaded<T>& loaded) {
    for (const auto& problem : loaded.problems) std::cerr << problem.str() << '\n';
    for (const auto& warning : loaded.warnings) std::cerr << "warning: " << warning.str() << '\n';
    return loaded.value && loaded.problems.empty();
}

bool is_folder(const Path& folder) {
    std::error_code error;
    if (std::filesystem::is_directory(folder, error)) return true;
    complain(folder.string(), {core::Errc::not_found, "no such folder"});
    return false;
}

void print(const core::Agreement& agreement) {
    std::cout << "  " << agreement.original().title << ", version " << agreement.version << '\n'
              << "  adopted by " << agreement.adoption.body << " " << agreement.adoption.date.iso();
    if (!agreement.adoption.paragraph.empty()) std::cout << ", " << agreement.adoption.paragraph;
    std::cout << "\n  languages:";
    for (const auto& text : agreement.texts)
        std::cout << ' ' << text.language << (text.draft ? " (draft)" : "");
    std::cout << "\n  criteria: " << agreement.criteria.size()
              << "; networks may sign: " << (agreement.networks_may_sign ? "yes" : "no")
              << "\n  digest: " << agreement.digest.hex() << '\n';
}

}  // namespace

int check_agreement(const Path& folder) {
    if (!is_folder(folder)) return could_not;
    auto loaded = core::load_agreement(folder);
    if (!report(loaded)) return found_wanting;
    std::cout << folder.string() << ": the agreement is ready\n";
    print(*loaded.value);
    return all_well;
}

int check_ceremony(const Path& folder) {
    if (!is_folder(folder)) return could_not;
    auto loaded = core::load_ceremony(folder);
    if (!report(loaded)) return found_wanting;
    const auto& ceremony = *loaded.value;
    std::cout << folder.string() << ": the ceremony is ready\n"
              << "  " << ceremony.code << ": " << ceremony.title << "\n  " << ceremony.date.iso() << ", "
              << ceremony.place << "\n  " << ceremony.municipality.name << " signs "
              << (ceremony.countersigning == core::Countersigning::beside ? "beside each organisation"
                                                                          : "at closing")
              << ": ";
    for (std::size_t i = 0; i < ceremony.signatories.size(); ++i)
        std::cout << (i == 0 ? "" : ", ") << ceremony.signatories[i].role;
    std::cout << "\n  expected organisations: " << ceremony.expected.size() << '\n';
    print(ceremony.agreement);
    std::cout << "  digest of the folder: " << core::to_hex(ceremony.digest) << '\n';
    if (ceremony.municipality.bundle_certificate_pem.empty())
        std::cerr
            << "warning: municipality/bundle-recipient.pem is missing: nothing can be copied to sticks\n";
    return all_well;
}

int write_forms(const Path& folder, const Path& output, int empty) {
    if (!is_folder(folder)) return could_not;
    auto loaded = core::load_ceremony(folder);
    if (!report(loaded)) return found_wanting;
    auto make = [&]() -> core::Status {
        TRY_ASSIGN(auto fonts, core::Fonts::load());
        TRY_ASSIGN(auto words, core::Words::load(core::share_dir() / "locale", "sv"));
        TRY_ASSIGN(auto arms, core::vector_arms(loaded.value->municipality.arms_svg));
        core::BlankFormsInput input;
        input.ceremony = &*loaded.value;
        input.empty = empty;
        for (const auto& expected : loaded.value->expected) input.whose.push_back(&expected);
        core::CertificateContext context;
        context.words = &words, context.fonts = &fonts;
        TRY_ASSIGN(auto pdf, core::make_blank_forms(input, context, &arms, core::SystemClock().wall_ms()));
        return core::write_file_durably(output, pdf);
    };
    auto made = make();
    if (!made.ok()) {
        complain(output.string(), made.error());
        return could_not;
    }
    std::cout << output.string() << ": forms for " << loaded.value->expected.size() << " organisations, "
              << empty << " empty ones, and the agreement\n";
    return all_well;
}

}  // namespace staff

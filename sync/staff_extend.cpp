// handslag extend: a sealed file, one level after the other, up to B-LTA; and again before its time runs out.
#include <iostream>

#include "core/base/file.h"
#include "core/longterm/validation.h"
#include "sync/extension.h"
#include "sync/staff.h"

namespace staff {
namespace {

core::Result<core::Level> parse_level(const std::string& text) {
    for (core::Level level : {core::Level::bt, core::Level::blt, core::Level::blta})
        if (text == core::to_id(level) || text == core::to_id(level).substr(2)) return level;
    return core::Error{core::Errc::malformed, "--level is T, LT or LTA"};
}

core::Result<ladder::ExtensionPlan> make_plan(const ExtendOptions& options) {
    ladder::ExtensionPlan plan;
    plan.tsa = options.tsa;
    plan.policy = options.policy;
    plan.renew_days = options.renew_days;
    plan.renew = options.renew;
    TRY_ASSIGN(plan.wanted, parse_level(options.level));
    TRY_ASSIGN(plan.trust.seals_pem, read_trust(options.trust));
    TRY_ASSIGN(plan.trust.timestamps_pem, read_trust(options.trust_tsa));
    TRY_ASSIGN(plan.lists, read_lists(options.crls));
    return plan;
}

std::string standing(const core::LongTerm& now) {
    std::string text = "PAdES " + std::string(core::to_id(now.level));
    if (now.renew_before_ms > 0) text += ", to be renewed before " + date_of(now.renew_before_ms);
    return text;
}

}  // namespace

int extend(const ExtendOptions& options) {
    auto plan = make_plan(options);
    if (!plan.ok()) return complain("handslag extend", plan.error());
    auto pdf = core::read_file(options.file);
    if (!pdf.ok()) return complain(options.file.string(), pdf.error());
    core::SystemClock clock;
    auto extension = ladder::Extension::start(std::move(*pdf), std::move(*plan), clock);
    if (!extension.ok()) {
        complain(options.file.string(), extension.error());
        if (options.trust.empty())
            std::cerr << "  Give the municipality's root certificate: --trust root.crt\n";
        return extension.error().code == core::Errc::malformed ? could_not : found_wanting;
    }
    const Path& where = options.output.empty() ? options.file : options.output;
    std::string before = standing(extension->now());
    bool changed = false;
    while (!extension->is_done()) {
        auto climbed = extension->climb();
        // Each level is on disk before the next is tried.
        if (climbed.ok()) climbed = core::write_file_durably(where, extension->pdf());
        if (!climbed.ok()) {
            complain(options.file.string(), climbed.error());
            std::cerr << "  It " << (changed ? "has come to " : "stays what it is: ")
                      << standing(extension->now()) << ". Run the same command again to go on.\n";
            return changed ? found_wanting : could_not;
        }
        changed = true;
    }
    std::cout << (changed ? where : options.file).string() << ": " << standing(extension->now())
              << (changed ? "; before: " + before : "; nothing to do") << '\n';
    return all_well;
}

}  // namespace staff

// Extension: takes a sealed file up the ladder, one level at a time, fetching what each needs.
//
// What core/longterm does with bytes, with the network around it; the same for staff and for a server. Every
// level has been read by our own verifier before it is given back, and without what was only fetched: the
// file must be enough. A server that is down costs a level, never the file.
#pragma once

#include "core/base/clock.h"
#include "core/base/hash.h"
#include "core/longterm/judge.h"

namespace ladder {

struct ExtensionPlan {
    std::string tsa, policy;  // the timestamp authority's address; policy: empty for any
    core::Level wanted = core::Level::blta;
    core::TrustFiles trust;
    core::ValidationData lists;  // what need not be fetched
    int renew_days = 90;         // renews a B-LTA that has fewer days left
    bool renew = false;          // renews it now, once
};

class Extension {
  public:
    // Errc::damaged: not valid; not_allowed: it cannot be decided. The clock must outlive the extension.
    static core::Result<Extension> start(core::Bytes pdf, ExtensionPlan plan, const core::Clock& clock);

    bool is_done() const;
    // One level up, or one more term. On an error everything is as it was.
    core::Status climb();

    const core::Bytes& pdf() const { return pdf_; }
    const core::LongTerm& now() const { return now_; }

  private:
    enum class Whose { seal, last_timestamp };
    Extension(core::Bytes pdf, ExtensionPlan plan, const core::Clock& clock)
        : plan_(std::move(plan)), clock_(&clock), pdf_(std::move(pdf)), known_(plan_.lists) {}
    core::Result<core::LongTerm> judge(const core::Bytes& pdf, const core::ValidationData& besides) const;
    core::Result<core::Bytes> ask_tsa(const core::Sha256& digest) const;
    core::Result<core::Bytes> with_seal_timestamp() const;
    core::Result<core::Bytes> with_document_timestamp(const core::Bytes& pdf) const;
    core::Result<core::Bytes> with_validation_data(Whose whose);
    core::Status look_for(const core::Needs::Missing& wanted, Whose whose, core::LongTerm& judged);
    core::Status take(core::Bytes extended, core::Level at_least);

    ExtensionPlan plan_;
    const core::Clock* clock_;
    core::Bytes pdf_;
    core::ValidationData known_;  // the plan's lists, and what was fetched
    core::LongTerm now_;
};

}  // namespace ladder

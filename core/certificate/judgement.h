// Judgement: collects findings while a certificate is judged, and draws the verdict from them.
//
// One failed finding makes it not valid; else one undecided makes it undecided. Whoever judges asks failed()
// before doing anything expensive: a file whose seal does not hold deserves no more work.
#pragma once

#include "core/certificate/verify.h"

namespace core {

class Judgement {
  public:
    void passed(const char* check, std::string what, const char* clause = "") {
        report_.findings.push_back({check, Finding::Outcome::passed, std::move(what), clause});
    }
    void failed(const char* check, std::string what, const char* clause = "") {
        report_.findings.push_back({check, Finding::Outcome::failed, std::move(what), clause});
        failed_ = true;
    }
    void not_checked(const char* check, std::string what, const char* clause = "") {
        report_.findings.push_back({check, Finding::Outcome::not_checked, std::move(what), clause});
    }
    void undecided(const char* check, std::string what, const char* clause = "") {
        not_checked(check, std::move(what), clause);
        undecided_ = true;
    }
    bool failed() const { return failed_; }
    VerifyReport& report() { return report_; }
    VerifyReport finish() {
        report_.verdict = failed_ ? Verdict::not_valid : undecided_ ? Verdict::undecided : Verdict::valid;
        return std::move(report_);
    }

  private:
    VerifyReport report_;
    bool failed_ = false, undecided_ = false;
};

}  // namespace core

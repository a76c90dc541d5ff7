#include "sync/client/enrolment_stick.h"

#include "core/base/file.h"
#include "sync/protocol/admission.h"

namespace client {
namespace {

constexpr std::size_t longest_invitation = 4 << 10, longest_admission = 64 << 10;

}  // namespace

std::string invitation_on(const std::filesystem::path& stick) {
    auto read = core::read_file(stick / wire::invitation_file_name, longest_invitation);
    return read.ok() ? std::string(core::as_text(*read)) : std::string();
}

Result<Enrolment> enrolment_for(const core::Store& store, const core::Ed25519Key& log_key,
                                std::string_view invitation, std::string_view tablet) {
    TRY_ASSIGN(auto waiting, Enrolment::kept(store));
    if (waiting && waiting->answers(invitation)) return std::move(*waiting);
    return Enrolment::begin(store, log_key, invitation, tablet);
}

Result<std::filesystem::path> leave_request(core::Store& store, const Enrolment& enrolment,
                                            const std::filesystem::path& stick) {
    TRY(enrolment.keep(store));
    auto file = stick / wire::request_file_name(store.identity().device.str());
    TRY(core::write_file_durably(file, core::as_bytes(enrolment.body())));
    return file;
}

Result<bool> finish_enrolment_from(core::Store& store, const std::filesystem::path& stick) {
    TRY_ASSIGN(auto waiting, Enrolment::kept(store));
    if (!waiting) return false;
    auto answer =
        core::read_file(stick / wire::admission_file_name(store.identity().device.str()), longest_admission);
    if (!answer.ok()) return false;
    TRY(waiting->finish_by_stick(store, *answer));
    return true;
}

}  // namespace client

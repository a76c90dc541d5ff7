// What a true seal would let through to the later checks: hostile structure, content, fonts and records. No
// crash, bounded time and memory.
//
// The input is a file's objects with "\nendobj\n" between them and its trailer last; the table around them is
// written here, so that a mutation is not lost on an offset. Whether a seal holds is left out: verify_fuzz
// tries that.
#include <string>

#include "core/certificate/verify_cms.h"
#include "core/certificate/verify_page.h"
#include "core/certificate/verify_revision.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

std::string with_table(std::string_view parts) {
    constexpr std::string_view end = "\nendobj\n";
    std::string file = "%PDF-1.7\n%\xBF\xF7\xA2\xFE\n", table;
    int number = 0;
    for (auto at = parts.find(end); at != std::string_view::npos; at = parts.find(end)) {
        std::string offset = std::to_string(file.size());
        table += std::string(10 - offset.size(), '0') + offset + " 00000 n \n";
        file += std::to_string(++number) + " 0 obj\n";
        file += parts.substr(0, at + end.size());
        parts.remove_prefix(at + end.size());
    }
    std::string at = std::to_string(file.size());
    return file + "xref\n0 " + std::to_string(number + 1) + "\n0000000000 65535 f \n" + table + "trailer " +
           std::string(parts) + "\nstartxref\n" + at + "\n%%EOF\n";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string text = with_table(core::as_text({data, size}));
    core::ByteView bytes = core::as_bytes(text);
    auto file = core::PdfFile::read(bytes);
    if (!file.ok()) return 0;
    auto sealed = core::check_structure(*file, bytes);
    if (!sealed.ok()) return 0;
    (void)core::check_cms(sealed->hole, sealed->digest);
    std::size_t room = core::inflated_room;
    auto record = core::extract_record(*file, *sealed->catalog, room);
    auto pages = core::read_pages(*file, sealed->pages, room);
    if (record.ok() && pages.ok())
        (void)core::compare_with_record(*record, *pages, {sealed->claimed_at_ms, false});
    return 0;
}

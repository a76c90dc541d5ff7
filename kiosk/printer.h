// Printer: certificates on paper, through CUPS, on the effect thread.
//
// The bytes that go to the printing service are those that were sealed; nothing is written to disk here (the service
// has a spool of its own: PreserveJobFiles No in its configuration). A service that does not answer costs a few
// seconds at most.
#pragma once

#include <string>

#include "core/base/bytes.h"
#include "kiosk/life.h"

namespace kiosk {

// The printer that `wanted` names, or the default one; empty: there is none, or no service, or `wanted` is "-".
std::string find_printer(const std::string& wanted);

// Hands the PDF over and follows it for a moment: what comes later, the printer itself says. Never busy or not_yet.
// looks: how often it is asked, some three times a second, as long as nothing is said.
Printing print(const std::string& printer, const std::string& title, core::ByteView pdf, int looks = 8);

}  // namespace kiosk

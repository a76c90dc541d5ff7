// Tags: what the drawn pages mean, for whoever does not see them: the structure tree with its tables, links and
// alternative texts (ISO 32000-1, 14.7-14.8; ISO 14289-1), and bookmarks where there are several pages (12.3.3).
//
// Private to structure.cpp: it works on a QPDF that is being built. Include qpdf_first.h before it.
#pragma once

#include <qpdf/QPDF.hh>

#include "core/certificate/draw.h"

namespace core {
namespace pdf {

inline QPDFObjectHandle name(const std::string& text) { return QPDFObjectHandle::newName(text); }
inline QPDFObjectHandle text(const std::string& utf8) { return QPDFObjectHandle::newUnicodeString(utf8); }
inline QPDFObjectHandle number(double value) { return QPDFObjectHandle::newReal(value, 2); }
inline QPDFObjectHandle rectangle(const Rectangle& box) {
    QPDFObjectHandle array = QPDFObjectHandle::newArray();
    for (double edge : {box.left, box.bottom, box.right, box.top}) array.appendItem(number(edge));
    return array;
}

}  // namespace pdf

struct SealField {
    QPDFObjectHandle widget;  // not initialised: the document has no seal
    std::string description;
};

// `pages` are those of `drawn`, and `document` is what they were drawn from.
void add_tags(QPDF& pdf, const std::vector<QPDFObjectHandle>& pages, const Drawn& drawn,
              const Document& document, const SealField& seal);

}  // namespace core

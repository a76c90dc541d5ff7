#include "core/certificate/xmp.h"

#include <ctime>

namespace core {
namespace {

std::string escaped(std::string_view text) {
    std::string out;
    for (char c : text) {
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else
            out += c;
    }
    return out;
}

// PDF/A wants every property outside its own list described: pdfuaid is one.
constexpr const char* accessibility_schema =
    R"(  <rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
   <pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
    <pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
    <pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
    <pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
    <pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
     <pdfaProperty:name>part</pdfaProperty:name>
     <pdfaProperty:valueType>Integer</pdfaProperty:valueType>
     <pdfaProperty:category>internal</pdfaProperty:category>
     <pdfaProperty:description>Indicates, which part of ISO 14289 standard is followed</pdfaProperty:description>
    </rdf:li></rdf:Seq></pdfaSchema:property>
   </rdf:li></rdf:Bag></pdfaExtension:schemas>
  </rdf:Description>
)";

}  // namespace

XmpDates xmp_dates(std::int64_t wall_ms) {
    std::time_t seconds = static_cast<std::time_t>(wall_ms / 1000);
    std::tm utc{};
    gmtime_r(&seconds, &utc);
    char iso[40], pdf[40];
    std::strftime(iso, sizeof iso, "%Y-%m-%dT%H:%M:%SZ", &utc);
    std::strftime(pdf, sizeof pdf, "D:%Y%m%d%H%M%SZ", &utc);
    return {iso, pdf};
}

std::string xmp_packet(std::string_view title, std::string_view author, std::string_view language,
                       std::string_view iso_date) {
    std::string date(iso_date), tool = xmp_tool;
    return "<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
           "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n"
           " <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
           "<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
           "xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\" "
           "xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\" "
           "xmlns:pdfuaid=\"http://www.aiim.org/pdfua/ns/id/\">\n"
           "<dc:format>application/pdf</dc:format>\n"
           "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">" +
           escaped(title) +
           "</rdf:li></rdf:Alt></dc:title>\n"
           "<dc:creator><rdf:Seq><rdf:li>" +
           escaped(author) +
           "</rdf:li></rdf:Seq></dc:creator>\n"
           "<dc:language><rdf:Bag><rdf:li>" +
           escaped(language) +
           "</rdf:li></rdf:Bag></dc:language>\n"
           "<xmp:CreateDate>" +
           date +
           "</xmp:CreateDate>\n"
           "<xmp:ModifyDate>" +
           date +
           "</xmp:ModifyDate>\n"
           "<xmp:CreatorTool>" +
           tool +
           "</xmp:CreatorTool>\n"
           "<pdf:Producer>" +
           tool +
           "</pdf:Producer>\n"
           "<pdfaid:part>3</pdfaid:part>\n"
           "<pdfaid:conformance>U</pdfaid:conformance>\n"
           "<pdfuaid:part>1</pdfuaid:part>\n"
           "</rdf:Description>\n" +
           accessibility_schema + " </rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"w\"?>";
}

}  // namespace core

#include "core/model/municipality.h"

#include <cmath>

#include "core/base/text.h"
#include "core/model/loaders.h"
#include "core/model/organisation.h"
#include "core/model/toml_file.h"

namespace core {
namespace {

std::optional<Rgb> parse_colour(std::string_view text) {
    if (text.size() != 7 || text[0] != '#') return std::nullopt;
    std::string hex;
    for (char c : text.substr(1)) hex += c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    auto bytes = from_hex(hex);
    if (!bytes) return std::nullopt;
    return Rgb{(*bytes)[0], (*bytes)[1], (*bytes)[2]};
}

double luminance(const Rgb& colour) {
    auto linear = [](std::uint8_t channel) {
        double value = channel / 255.0;
        return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(colour.r) + 0.7152 * linear(colour.g) + 0.0722 * linear(colour.b);
}

void read_accent(TomlSection& toml, Municipality& municipality, Findings& findings) {
    std::string typed = toml.text("accent", Presence::optional, 7);
    if (typed.empty()) return;
    auto colour = parse_colour(typed);
    if (!colour)
        return toml.wrong("accent", "\"accent\" is not a colour.",
                          "Write it as \"#0A4D68\": # and six of 0-9 and A-F.");
    int contrast = contrast_on_paper_hundredths(*colour);
    if (contrast < 700) {
        findings.warn(toml.file(), toml.line_of("accent"),
                      "The accent colour is too light to be read: its contrast on paper is " +
                          std::to_string(contrast / 100) + "." + std::to_string(contrast % 100 / 10) +
                          ":1, and 7:1 is needed. #0A4D68 is used instead.",
                      "Choose a darker colour.");
        return;
    }
    municipality.accent = *colour;
}

void read_number(TomlSection& toml, Municipality& municipality) {
    std::string typed = toml.text("organisationsnummer", Presence::required, 20);
    if (typed.empty()) return;
    auto parsed = Organisationsnummer::parse(typed);
    if (parsed.value)
        municipality.organisationsnummer = parsed.value->digits();
    else
        toml.wrong("organisationsnummer", "\"organisationsnummer\" is not right.",
                   "Write ten digits as in \"212000-0142\"; the last one is a check digit.");
}

void read_contact(TomlSection& toml, Municipality& municipality) {
    auto contact = toml.section("contact", Presence::required);
    if (!contact) return;
    municipality.contact.name = contact->text("name", Presence::required, 120);
    municipality.contact.role = contact->text("role", Presence::optional, 120);
    municipality.contact.email = contact->text("email", Presence::required, 254);
    municipality.contact.phone = contact->text("phone", Presence::optional, 40);
    if (!municipality.contact.email.empty() && !plausible_email(municipality.contact.email))
        contact->wrong("email", "\"contact.email\" is not an e-mail address.",
                       "Write it as name@municipality.se.");
    if (!municipality.contact.phone.empty() && !plausible_phone(municipality.contact.phone))
        contact->wrong("phone", "\"contact.phone\" is not a telephone number.", "Write it as 0123-45 67 89.");
    contact->finish();
}

void read_privacy(TomlSection& toml, Municipality& municipality) {
    auto privacy = toml.section("privacy", Presence::required);
    if (!privacy) return;
    for (const auto& language : privacy->keys()) {
        auto section = privacy->section(language, Presence::optional);
        if (!section) continue;
        PrivacyNotice& notice = municipality.privacy[language];
        notice.controller = section->text("controller", Presence::required, 600);
        notice.officer = section->text("officer", Presence::required, 600);
        notice.purpose = section->text("purpose", Presence::required, 1200);
        notice.legal_basis = section->text("legal_basis", Presence::required, 1200);
        notice.recipients = section->text("recipients", Presence::required, 1200);
        notice.storage = section->text("storage", Presence::required, 1200);
        notice.rights = section->text("rights", Presence::required, 1200);
        section->finish();
    }
    privacy->finish();
}

void read_tablet(TomlSection& toml, Municipality& municipality) {
    auto tablet = toml.section("tablet", Presence::optional);
    if (!tablet) return;
    municipality.tablet_keep_days = tablet->whole("keep_days", 1, 3650, 30);
    municipality.tablet_disposal_decision = tablet->text("disposal_decision", Presence::optional, 300);
    tablet->finish();
}

void read_arms(SourceFolder& folder, Municipality& municipality) {
    auto arms = folder.text("arms.svg", Presence::required);
    if (!arms) return;
    if (arms->find("<svg") == std::string::npos)
        folder.findings().wrong(folder.shown("arms.svg"), 0, "The file is not an SVG drawing.",
                                "Save the arms as SVG (Scalable Vector Graphics) from a drawing program.");
    municipality.arms_svg = folder.path() / "arms.svg";
}

// Optional: empty when it is not there.
std::string read_certificate(SourceFolder& folder, const char* name, const char* remedy) {
    auto pem = folder.text(name, Presence::optional);
    if (!pem) return {};
    if (pem->find("-----BEGIN CERTIFICATE-----") == std::string::npos)
        folder.findings().wrong(folder.shown(name), 0, "The file is not a certificate in PEM form.", remedy);
    return *pem;
}

}  // namespace

int contrast_on_paper_hundredths(const Rgb& colour) {
    double a = luminance({0xFA, 0xF8, 0xF3}) + 0.05, b = luminance(colour) + 0.05;
    return static_cast<int>(100 * (a > b ? a / b : b / a));
}

Municipality read_municipality(SourceFolder& folder) {
    Municipality municipality;
    read_arms(folder, municipality);
    municipality.bundle_certificate_pem = read_certificate(
        folder, "bundle-recipient.pem", "Put the file from the municipality's server here, or remove it.");
    municipality.root_certificate_pem = read_certificate(
        folder, "root.pem", "Put a copy of root.crt from the municipality's CA here, or remove it.");
    auto text = folder.text("municipality.toml", Presence::required);
    if (!text) return municipality;
    auto parsed = parse_toml(*text, folder.shown("municipality.toml"), folder.findings());
    if (!parsed) return municipality;
    TomlSection toml(folder.shown("municipality.toml"), "", *parsed, folder.findings());
    municipality.name = toml.text("name", Presence::required, 120);
    municipality.short_name = toml.text("short_name", Presence::required, 60);
    municipality.kind = toml.one_of("kind", {"kommun", "region"}, "kommun");
    municipality.place = toml.text("place", Presence::required, 60);
    municipality.register_url = toml.text("register_url", Presence::required, 200);
    if (const auto& url = municipality.register_url;
        !url.empty() && (!url.starts_with("https://") || url.size() < 12))
        toml.wrong("register_url", "\"register_url\" is not a web address that begins with https://.",
                   "Write it as \"https://kommunen.se/overenskommelse\".");
    municipality.diarienummer_pattern = toml.text("diarienummer_pattern", Presence::required, 60);
    if (!municipality.diarienummer_pattern.empty() &&
        municipality.diarienummer_pattern.find("{number}") == std::string::npos)
        toml.wrong("diarienummer_pattern", "\"diarienummer_pattern\" has no place for the number.",
                   "Write it as \"KS {year}:{number}\".");
    municipality.keep_stroke_dynamics = toml.truth("keep_stroke_dynamics", false);
    read_number(toml, municipality);
    read_accent(toml, municipality, folder.findings());
    read_contact(toml, municipality);
    read_privacy(toml, municipality);
    read_tablet(toml, municipality);
    toml.finish();
    return municipality;
}

Loaded<Municipality> load_municipality(const std::filesystem::path& path) {
    Findings findings;
    SourceFolder folder(path, "", findings);
    Municipality municipality = read_municipality(folder);
    Loaded<Municipality> loaded;
    if (findings.clean()) loaded.value = std::move(municipality);
    loaded.problems = std::move(findings.problems);
    loaded.warnings = std::move(findings.warnings);
    return loaded;
}

}  // namespace core

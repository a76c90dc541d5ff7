#include "core/model/expected.h"

#include <algorithm>
#include <set>

#include "core/base/text.h"
#include "core/model/csv.h"

namespace core {
namespace {

constexpr const char* file_name = "expected.csv";
constexpr std::size_t most_representatives = 6;

struct Column {
    const char* id;
    std::vector<std::string> spellings;
};
const std::vector<Column>& columns() {
    static const std::vector<Column> all = {
        {"name", {"name", "namn", "organisation"}},
        {"form", {"form", "organisationsform"}},
        {"organisationsnummer", {"organisationsnummer", "orgnr", "org.nr"}},
        {"place", {"place", "ort", "säte"}},
        {"representative", {"representative", "firmatecknare", "företrädare"}},
        {"role", {"role", "roll"}},
        {"authority", {"authority", "teckningsrätt"}},
        {"email", {"email", "e-post", "epost", "e-mail"}},
        {"decision_body", {"decision_body", "beslutat av"}},
        {"decision_date", {"decision_date", "beslutsdatum"}},
        {"representatives_required", {"representatives_required", "antal underskrifter"}},
    };
    return all;
}

struct FormSpelling {
    const char* words;
    OrganisationForm form;
};
constexpr FormSpelling form_spellings[] = {
    {"ideell förening", OrganisationForm::ideell_forening},
    {"förening", OrganisationForm::ideell_forening},
    {"stiftelse", OrganisationForm::stiftelse},
    {"ekonomisk förening", OrganisationForm::ekonomisk_forening},
    {"kooperativ förening", OrganisationForm::ekonomisk_forening},
    {"bostadsrättsförening", OrganisationForm::bostadsrattsforening},
    {"trossamfund", OrganisationForm::trossamfund},
    {"registrerat trossamfund", OrganisationForm::trossamfund},
    {"socialt företag", OrganisationForm::socialt_foretag},
    {"samfällighet", OrganisationForm::samfallighet},
    {"samfällighetsförening", OrganisationForm::samfallighet},
    {"nätverk", OrganisationForm::natverk},
};

std::optional<OrganisationForm> form_from_cell(const std::string& cell) {
    if (auto form = parse_form(cell)) return form;
    std::string folded = fold_for_search(cell);
    for (const auto& spelling : form_spellings)
        if (fold_for_search(spelling.words) == folded) return spelling.form;
    return std::nullopt;
}

class Reader {
  public:
    Reader(std::string file, const ExpectedRules& rules, Findings& findings)
        : file_(std::move(file)), rules_(rules), findings_(findings) {}

    std::vector<ExpectedOrganisation> read(const std::vector<CsvRow>& rows) {
        if (rows.empty() || !read_header(rows.front())) return {};
        for (std::size_t i = 1; i < rows.size(); ++i) {
            row_ = &rows[i];
            if (rows[i].cells.size() > places_)
                wrong("The row has more cells than the header row.",
                      "If a cell holds the separator itself, put the cell between quotation marks.");
            else if (cell("name").empty())
                more_of_the_same();
            else
                organisation();
        }
        settle_required();
        return std::move(expected_);
    }

  private:
    void wrong(std::string what, std::string remedy) {
        findings_.wrong(file_, row_->line, std::move(what), std::move(remedy));
    }

    bool read_header(const CsvRow& header) {
        row_ = &header;
        places_ = header.cells.size();
        std::vector<std::string> ids;
        for (const auto& column : columns()) ids.emplace_back(column.id);
        bool known_all = true;
        for (std::size_t i = 0; i < header.cells.size(); ++i) {
            const std::string& typed = header.cells[i];
            if (typed.empty()) continue;
            const Column* match = nullptr;
            for (const auto& column : columns())
                for (const auto& spelling : column.spellings)
                    if (fold_for_search(spelling) == fold_for_search(typed)) match = &column;
            if (!match) {
                // The header may be missing, and this cell somebody's data: repeat it only when it resembles
                // a header.
                std::string near = nearest(typed, ids);
                wrong("Cell " + std::to_string(i + 1) + " of the header row is not a known heading.",
                      (near.empty() ? "" : "Did you mean \"" + near + "\"? ") +
                          "The first row names the columns, from among: " + join(ids) + ".");
                known_all = false;
            } else if (!place_.emplace(match->id, i).second) {
                wrong("The column \"" + std::string(match->id) + "\" stands twice.", "Remove one of them.");
                known_all = false;
            }
        }
        for (const char* needed : {"name", "form"})
            if (known_all && !place_.contains(needed)) {
                wrong("The column \"" + std::string(needed) + "\" is missing in the header row.",
                      "The first row names the columns: "
                      "name;form;organisationsnummer;place;representative;role;authority;email");
                known_all = false;
            }
        return known_all;
    }

    std::string cell(const std::string& column) const {
        auto at = place_.find(column);
        return at == place_.end() || at->second >= row_->cells.size() ? "" : row_->cells[at->second];
    }

    void organisation() {
        open_ = nullptr;
        ExpectedOrganisation entry;
        auto name = parse_name(cell("name"));
        if (!name.value)
            return wrong(name.wrong == NameWrong::too_long
                             ? "The organisation's name is longer than 120 characters."
                             : "The organisation's name holds no letters.",
                         "Write the name as it stands in its statutes.");
        entry.organisation.name = *name.value;
        if (!form(entry) || !number(entry)) return;
        place(entry);
        decision(entry);
        entry.email = cell("email");
        if (!entry.email.empty() && !plausible_email(entry.email))
            wrong("The e-mail address is not right.",
                  "Write it as name@example.se, or leave the cell empty.");
        if (!first_of_its_kind(entry)) return;
        expected_.push_back(std::move(entry));
        open_ = &expected_.back();
        required_.push_back(required());
        representative();
    }

    bool form(ExpectedOrganisation& entry) {
        std::string typed = cell("form");
        std::vector<std::string> ids;
        for (auto known : all_forms) ids.emplace_back(to_id(known));
        auto& organisation = entry.organisation;
        if (typed.starts_with("annan:")) {
            organisation.form = OrganisationForm::annan;
            organisation.form_text = trim(std::string_view(typed).substr(6));
        } else if (auto form = form_from_cell(typed)) {
            organisation.form = *form;
        } else {
            wrong(typed.empty() ? "The form is missing." : "The form is not known.",
                  did_you_mean(typed, ids) + "Write one of: " + join(ids) +
                      "; or \"annan: samebyn\" for another form.");
            return false;
        }
        if (organisation.form == OrganisationForm::annan &&
            (organisation.form_text.empty() || count_characters(organisation.form_text) > 60)) {
            wrong("It is not said which other form the organisation has.",
                  "Write it in at most 60 characters: annan: sameby");
            return false;
        }
        if (organisation.form == OrganisationForm::natverk && !rules_.networks_may_sign) {
            wrong("\"" + organisation.name +
                      "\" is an informal network, and this agreement does not let networks sign.",
                  "Remove the row, or write networks_may_sign = true in agreement.toml before the agreement "
                  "is adopted.");
            return false;
        }
        return true;
    }

    bool number(ExpectedOrganisation& entry) {
        std::string typed = cell("organisationsnummer");
        auto& organisation = entry.organisation;
        auto need = number_need(organisation.form);
        if (typed.empty()) {
            if (need == NumberNeed::required)
                findings_.warn(
                    file_, row_->line,
                    "\"" + organisation.name + "\" has no organisationsnummer here, and its form has one.",
                    "Write it, or let the organisation give it at the ceremony.");
            return true;
        }
        auto parsed = Organisationsnummer::parse(typed);
        if (!parsed.value) {
            switch (parsed.wrong) {
                case Organisationsnummer::Wrong::personal_number:
                    wrong(
                        "A person's number stands where the organisationsnummer belongs. It is not repeated "
                        "here.",
                        "Remove it from the file. An organisation without a number of its own leaves the "
                        "cell empty.");
                    break;
                case Organisationsnummer::Wrong::check_digit:
                    wrong("The organisationsnummer has a wrong check digit.",
                          "Compare it with the registration: one digit is mistyped.");
                    break;
                case Organisationsnummer::Wrong::not_ten_digits:
                    wrong("The organisationsnummer is not ten digits.",
                          "Write it as 802481-1234, or leave the cell empty.");
            }
            return false;
        }
        if (need == NumberNeed::forbidden) {
            wrong("An informal network has no organisationsnummer.", "Empty the cell, or change the form.");
            return false;
        }
        organisation.number = parsed.value;
        if (!group_digit_fits(organisation.form, *organisation.number))
            findings_.warn(
                file_, row_->line,
                "The organisationsnummer of \"" + organisation.name + "\" is unusual for its form.",
                "Check both the number and the form.");
        return true;
    }

    void place(ExpectedOrganisation& entry) {
        if (cell("place").empty()) return;
        auto place = parse_name(cell("place"), 60);
        if (place.value)
            entry.organisation.place = *place.value;
        else
            wrong("The place is not right.",
                  "Write a name of at most 60 characters, or leave the cell empty.");
    }

    void decision(ExpectedOrganisation& entry) {
        std::string body = cell("decision_body"), date = cell("decision_date");
        if (body.empty() && date.empty()) return;
        auto parsed_body = parse_name(body);
        auto parsed_date = parse_past_date(date, rules_.held.empty() ? Date{9999, 12, 31} : rules_.held);
        if (!parsed_body.value)
            wrong("It is not said who in the organisation decided.",
                  "Write for example Årsmötet or Styrelsen.");
        if (!parsed_date.value)
            wrong(parsed_date.in_future ? "The organisation's decision is dated after the ceremony."
                                        : "The date of the organisation's decision is not a date.",
                  "Write it as 2026-11-21.");
        if (parsed_body.value && parsed_date.value) entry.decision = {*parsed_body.value, *parsed_date.value};
    }

    bool first_of_its_kind(const ExpectedOrganisation& entry) {
        const auto& organisation = entry.organisation;
        auto [name_at, new_name] = names_.emplace(fold_for_search(organisation.name), row_->line);
        if (!new_name) {
            wrong("\"" + organisation.name + "\" stands already on line " + std::to_string(name_at->second) +
                      ".",
                  "Remove one of the rows. For one more representative of the same organisation, leave its "
                  "name empty.");
            return false;
        }
        if (!organisation.number) return true;
        auto [number_at, new_number] = numbers_.emplace(organisation.number->digits(), row_->line);
        if (!new_number)
            wrong("The same organisationsnummer stands already on line " + std::to_string(number_at->second) +
                      ".",
                  "Each organisation has its own number: correct one of the rows, or remove it.");
        return new_number;
    }

    void more_of_the_same() {
        if (expected_.empty() || !open_) {
            if (expected_.empty())
                wrong("The organisation's name is missing.", "Write it in the column \"name\".");
            return;  // below a row that was refused
        }
        if (!cell("form").empty() || !cell("organisationsnummer").empty())
            wrong("The organisation's name is missing.",
                  "Write it; or, for one more representative of the organisation above, leave form and "
                  "number empty too.");
        else if (cell("representative").empty())
            wrong("The row has no organisation and no representative.", "Remove it.");
        else
            representative();
    }

    int required() {
        std::string typed = cell("representatives_required");
        if (typed.empty()) return 0;
        if (typed.size() == 1 && typed[0] >= '1' && typed[0] <= '6') return typed[0] - '0';
        wrong("The number of representatives who must sign is not right.",
              "Write a number from 1 to 6, or leave the cell empty.");
        return 0;
    }

    void representative() {
        if (cell("representative").empty()) return;
        auto name = parse_name(cell("representative"));
        auto role = parse_name(cell("role"), 80);
        std::string authority = fold_for_search(cell("authority"));
        bool jointly = authority == "jointly" || authority == "i förening";
        if (!name.value)
            return wrong("The representative's name is not right.",
                         "Write first and last name, at most 120 characters.");
        if (!role.value && !cell("role").empty())
            return wrong("The representative's role is not right.",
                         "Write for example ordförande, at most 80 characters.");
        if (!jointly && !authority.empty() && authority != "alone" && authority != "ensam")
            return wrong("The representative's authority is not known.",
                         "Write alone or jointly (ensam or i förening).");
        if (open_->representatives.size() == most_representatives)
            return wrong("The organisation has more than six representatives.", "Keep those who will sign.");
        open_->representatives.push_back(
            {*name.value, role.value.value_or(""), jointly ? Authority::jointly : Authority::alone});
    }

    // Who signs jointly signs with at least one more.
    void settle_required() {
        for (std::size_t i = 0; i < expected_.size(); ++i) {
            auto& entry = expected_[i];
            auto jointly = std::count_if(entry.representatives.begin(), entry.representatives.end(),
                                         [](const auto& r) { return r.authority == Authority::jointly; });
            bool all_jointly =
                jointly > 0 && static_cast<std::size_t>(jointly) == entry.representatives.size();
            entry.representatives_required = required_[i] > 0 ? required_[i]
                                             : all_jointly    ? std::max(2, rules_.representatives_required)
                                                              : rules_.representatives_required;
        }
    }

    std::string file_;
    const ExpectedRules& rules_;
    Findings& findings_;
    const CsvRow* row_ = nullptr;
    std::size_t places_ = 0;
    std::map<std::string, std::size_t> place_;  // column -> where
    std::map<std::string, int> names_, numbers_;
    std::vector<ExpectedOrganisation> expected_;
    std::vector<int> required_;
    ExpectedOrganisation* open_ = nullptr;  // the organisation of the row before
};

}  // namespace

std::vector<ExpectedOrganisation> read_expected(SourceFolder& folder, const ExpectedRules& rules) {
    auto text = folder.text(file_name, Presence::optional);
    if (!text) {
        if (!folder.has(file_name))
            folder.findings().warn(folder.shown(file_name), 0, "There is no list of expected organisations.",
                                   "Each will then be written in at the ceremony, which takes longer.");
        return {};
    }
    auto rows = parse_csv(*text, folder.shown(file_name), folder.findings());
    return Reader(folder.shown(file_name), rules, folder.findings()).read(rows);
}

}  // namespace core

// handslag: the staff command line. Reads the options; sync/staff.h does the work.
#include <exception>
#include <iostream>

#include <CLI/CLI.hpp>

#include "sync/staff.h"
#include "sync/staff_monitor.h"
#include "sync/staff_sync.h"

namespace {

using namespace staff;

struct Choices {
    VerifyOptions verify;
    ShowOptions show;
    ExtendOptions extend;
    CaCreateOptions ca_create;
    CaIssueOptions ca_issue;
    CaActOptions ca_act;
    int ca_renewal_years = 10;
    KeyOptions key;
    AuditOptions audit;
    TokenOptions token;
    Path folder, output, chain, passphrase_file;
    bool json = false;
    int empty_forms = 2;
    Form form() const { return json ? Form::json : Form::text; }
};

void want_secret(CLI::App* command, Path& file, const char* whose) {
    command
        ->add_option(
            "--passphrase-file", file,
            std::string("First line is ") + whose + " passphrase; - is stdin; without it you are asked")
        ->type_name("FILE");
}

void add_reading(CLI::App& app, Choices& to, int& exit) {
    auto* verify = app.add_subcommand("verify", "Verify sealed certificates and protocols, offline");
    verify->add_option("files", to.verify.files, "Sealed PDFs")->required()->type_name("FILE");
    verify
        ->add_option("--trust", to.verify.trust, "The municipality's root certificate (PEM); may be repeated")
        ->type_name("PEM")
        ->take_all()
        ->allow_extra_args(false);
    auto many = [&](const char* name, std::vector<Path>& into, const char* about) {
        verify->add_option(name, into, about)->type_name("FILE")->take_all()->allow_extra_args(false);
    };
    many("--trust-tsa", to.verify.trust_tsa, "A root for timestamps alone (PEM); may be repeated");
    many("--crl", to.verify.crls, "A CA's revocation list; may be repeated");
    verify->add_option("--at", to.verify.at, "Judge validity as of the end of this day (default: now)")
        ->type_name("YYYY-MM-DD");
    verify->add_flag("--json", to.json, "A JSON array, one object a file");
    verify->footer(
        "A ceremony protocol beside certificates is compared with them: which are here, missing, or not "
        "listed.\n"
        "Exit: 0 all valid; 1 one is not valid, undecided, or a protocol's list is not whole; 2 one is "
        "unreadable.\n"
        "Undecided: the seal holds, but no root certificate vouches for it, or its time is over.\n\n"
        "Example:\n  handslag verify --trust root.crt STR26-A0007-K.pdf");
    verify->callback([&] {
        to.verify.form = to.form();
        exit = staff::verify(to.verify);
    });

    auto* show = app.add_subcommand("show", "Show the record that a certificate carries");
    show->add_option("file", to.show.file, "A sealed PDF")->required()->type_name("FILE");
    show->add_flag("--raw", to.show.raw, "The exact bytes that were sealed, for hashing");
    show->add_option("--cms", to.show.cms_output, "Write the seal (CMS, DER) to this file instead")
        ->type_name("OUT");
    show->add_option("--signed", to.show.signed_output,
                     "Write the bytes that the seal covers to this file instead")
        ->type_name("OUT");
    show->footer(
        "Exit: 0 shown; 1 shown, but the file is not valid; 2 unreadable.\n\n"
        "Examples:\n  handslag show STR26-A0007-K.pdf\n  handslag show STR26-A0007-K.pdf --raw | sha256sum\n"
        "  handslag show STR26-A0007-K.pdf --cms seal.der --signed covered.bin\n"
        "  openssl cms -verify -cades -inform DER -in seal.der -content covered.bin -binary \\\n"
        "    -CAfile root.crt -purpose any -out /dev/null");
    show->callback([&] { exit = staff::show(to.show); });
}

void add_extending(CLI::App& app, Choices& to, int& exit) {
    auto& extend = to.extend;
    auto* command =
        app.add_subcommand("extend", "Let a sealed file outlive its keys: timestamps, validation data");
    command->add_option("file", extend.file, "A sealed PDF; replaced, unless --output is given")
        ->required()
        ->type_name("FILE");
    command->add_option("--tsa", extend.tsa, "The timestamp authority (RFC 3161)")->type_name("URL");
    command->add_option("--policy", extend.policy, "Take timestamps under this policy alone")
        ->type_name("OID");
    command->add_option("--level", extend.level, "How far: T, LT or LTA")->capture_default_str();
    auto many = [&](const char* name, std::vector<Path>& into, const char* about) {
        command->add_option(name, into, about)->type_name("FILE")->take_all()->allow_extra_args(false);
    };
    many("--trust", extend.trust, "The municipality's root certificate (PEM); may be repeated");
    many("--trust-tsa", extend.trust_tsa, "A root for timestamps alone (PEM); may be repeated");
    many("--crl", extend.crls, "A revocation list that need not be fetched; may be repeated");
    command->add_option("--output,-o", extend.output, "Write here instead")->type_name("FILE");
    command->add_option("--renew-days", extend.renew_days, "Renew a B-LTA that has fewer days left")
        ->capture_default_str();
    command->add_flag("--renew", extend.renew, "Renew a B-LTA now");
    command->footer(
        "Each level is written when our own verifier has read it, and then the next is tried. When a server "
        "is\n"
        "down, the file keeps the level that it has reached; run the same command again to go on.\n"
        "Exit: 0 the level is reached; 1 a lower one, or the file is not valid; 2 nothing was changed.\n\n"
        "Example:\n  handslag extend STR26-A0007-K.pdf --tsa https://tsa.example/ --trust root.crt "
        "--trust-tsa "
        "tsa-root.pem \\\n    --crl root.crl --crl issuing.crl");
    command->callback([&] { exit = staff::extend(to.extend); });
}

void add_checking(CLI::App& app, Choices& to, int& exit) {
    auto* ceremony = app.add_subcommand("ceremony", "The ceremony's folder")->require_subcommand(1);
    auto* check = ceremony->add_subcommand("check", "Check all of a ceremony's files before the day");
    check->add_option("dir", to.folder, "The folder with ceremony.toml")->required()->type_name("DIR");
    check->footer(
        "Each problem names file, line and what to write. Exit: 0 ready; 1 problems; 2 no such folder.\n\n"
        "Example:\n  handslag ceremony check strandkoping-2026");
    check->callback([&] { exit = check_ceremony(to.folder); });
    auto* forms = ceremony->add_subcommand("forms", "Write paper forms, should the tablets fail (PDF)");
    forms->add_option("dir", to.folder, "The folder with ceremony.toml")->required()->type_name("DIR");
    forms->add_option("--output,-o", to.output, "Write here")->required()->type_name("FILE");
    forms->add_option("--empty", to.empty_forms, "How many for organisations that nobody expects")
        ->check(CLI::Range(0, 100))
        ->capture_default_str();
    forms->footer(
        "One for each expected organisation, some empty ones, and the agreement's text. What is signed on "
        "them "
        "is entered\nat the host's desk later. No person's name is printed but the municipality's "
        "signatories.\n\n"
        "Example:\n  handslag ceremony forms strandkoping-2026 --output forms.pdf");
    forms->callback([&] { exit = write_forms(to.folder, to.output, to.empty_forms); });

    auto* agreement = app.add_subcommand("agreement", "The agreement's folder")->require_subcommand(1);
    auto* check_one = agreement->add_subcommand("check", "Check an agreement's text and settings");
    check_one->add_option("dir", to.folder, "The folder with agreement.toml")->required()->type_name("DIR");
    check_one->footer("Example:\n  handslag agreement check strandkoping-2026/agreement");
    check_one->callback([&] { exit = check_agreement(to.folder); });

    auto* audit = app.add_subcommand("audit", "Re-read and re-hash a tablet's whole store");
    audit->add_option("--store", to.audit.store, "The folder with handslag.db")->required()->type_name("DIR");
    audit->add_option("--keys", to.audit.keys, "The folder with keyring.json (default: DIR or DIR/keys)")
        ->type_name("DIR");
    audit
        ->add_option(
            "--passphrase-file", to.audit.passphrase_file,
            "First line is the tablet's passphrase (- is stdin); with it every payload is checked too")
        ->type_name("FILE");
    audit->add_flag("--json", to.json, "One JSON object");
    audit->footer(
        "Without the passphrase: entries, tree, checkpoints, and the bytes of each payload as stored. With "
        "it: every\n"
        "payload against what its entry commits to. Exit: 0 whole; 1 something is changed or missing; 2 "
        "unreadable.\n\n"
        "Examples:\n  handslag audit --store /var/lib/handslag\n"
        "  handslag audit --store /var/lib/handslag --passphrase-file passphrase.txt --json");
    audit->callback([&] {
        to.audit.form = to.form();
        exit = staff::audit(to.audit);
    });
}

void add_ca_acts(CLI::App& ca, Choices& to, int& exit) {
    auto act = [&](const char* name, const char* about) {
        auto* command = ca.add_subcommand(name, about);
        command->add_option("dir", to.ca_act.dir, "The CA's folder")->required()->type_name("DIR");
        want_secret(command, to.ca_act.passphrase_file, "the CA's");
        return command;
    };
    auto* renew = act("renew", "Give the same key and name another certificate");
    renew->add_option("serial", to.ca_act.serial, "As in handslag ca show")->required();
    renew->add_option("--years", to.ca_act.years, "How long it lives")->capture_default_str();
    renew->add_option("--output,-o", to.ca_act.output, "Where to write it (default: stdout)")
        ->type_name("FILE");
    renew->callback([&] { exit = renew_certificate(to.ca_act); });

    auto* revoke = act("revoke", "Take a certificate back, and make a new revocation list");
    revoke->add_option("serial", to.ca_act.serial, "As in handslag ca show")->required();
    revoke
        ->add_option("--reason", to.ca_act.reason,
                     "unspecified, key-compromise, affiliation-changed, superseded or cessation")
        ->capture_default_str();
    revoke->add_option("--days", to.ca_act.days, "How long the list lasts")->capture_default_str();
    revoke->footer(
        "What a timestamp proves to have been sealed before stays valid; what has none does not.\n\n"
        "Example:\n  handslag ca revoke ca 5f1e... --reason key-compromise");
    revoke->callback([&] { exit = revoke_certificate(to.ca_act); });

    auto* crl = act("crl", "Make the revocation list anew: DIR/issuing.crl, or DIR/root.crl");
    crl->add_option("--days", to.ca_act.days, "How long the list lasts")->capture_default_str();
    crl->add_flag("--root", to.ca_act.root, "The root's own list; needs root.key, which lies in a safe");
    crl->add_option("--root-key", to.ca_act.root_key, "Where root.key is (default: DIR/root.key)")
        ->type_name("FILE");
    crl->callback([&] { exit = write_crl(to.ca_act); });
}

void add_ca_renewal(CLI::App& ca, Choices& to, int& exit) {
    auto* command =
        ca.add_subcommand("renew-issuing", "Give the issuing CA another certificate, by the root");
    command->add_option("dir", to.ca_act.dir, "The CA's folder")->required()->type_name("DIR");
    want_secret(command, to.ca_act.passphrase_file, "the CA's");
    command->add_option("--root-key", to.ca_act.root_key, "Where root.key is (default: DIR/root.key)")
        ->type_name("FILE");
    command->add_option("--years", to.ca_renewal_years, "How long it lives")->capture_default_str();
    command->add_flag("--new-key", to.ca_act.new_key, "With a new key, and a revocation list of its own");
    command
        ->add_option("--crl-base", to.ca_act.crl_base, "Where the lists are from now on (default: as before)")
        ->type_name("URL");
    command->footer(
        "What was issued before stays valid, and what was revoked stays on its list. With a new key there is "
        "a\n"
        "second list, issuing-2.crl: publish it beside the first.\n\n"
        "Example:\n  handslag ca renew-issuing ca --root-key /media/safe/root.key --new-key");
    command->callback([&] {
        to.ca_act.years = to.ca_renewal_years;
        exit = renew_issuing(to.ca_act);
    });
}

void add_ca(CLI::App& app, Choices& to, int& exit) {
    auto* ca =
        app.add_subcommand("ca", "The municipality's own certificate authority")->require_subcommand(1);
    auto* create = ca->add_subcommand("create", "Make an offline root and an issuing CA");
    create->add_option("dir", to.ca_create.dir, "A new folder")->required()->type_name("DIR");
    create->add_option("--municipality", to.ca_create.municipality, "Its name, as on certificates")
        ->required();
    create->add_option("--number", to.ca_create.number, "Its organisationsnummer")->required();
    create->add_option("--root-years", to.ca_create.root_years, "How long the root lives")
        ->capture_default_str();
    create->add_option("--issuing-years", to.ca_create.issuing_years, "How long the issuing CA lives")
        ->capture_default_str();
    create
        ->add_option("--crl-base", to.ca_create.crl_base,
                     "Where its revocation lists will be: URL/root.crl and URL/issuing.crl.\n"
                     "handslag-server shows them at http://HOST:PORT/crl (handslag-server crl --help)")
        ->type_name("URL");
    create->add_flag("--demonstration", to.ca_create.demonstration,
                     "Everything that it issues says DEMONSTRATION");
    want_secret(create, to.ca_create.passphrase_file, "the new CA's");
    create->footer(
        "Do this on a computer without network. Example:\n"
        "  handslag ca create ca --municipality 'Strandköpings kommun' --number 212000-0142");
    create->callback([&] { exit = create_ca(to.ca_create); });

    auto* issue = ca->add_subcommand("issue", "Answer a request with a certificate");
    issue->add_option("dir", to.ca_issue.dir, "The CA's folder")->required()->type_name("DIR");
    issue->add_option("request", to.ca_issue.request, "The request (.csr)")->required()->type_name("CSR");
    issue->add_option("--name", to.ca_issue.name, "Whose it is: 'surfplatta A'")->required();
    issue
        ->add_option("--kind", to.ca_issue.kind,
                     "seal (a tablet), bundle (what sticks are sealed to) or tls-client")
        ->capture_default_str();
    issue->add_option("--years", to.ca_issue.years, "How long it lives")->capture_default_str();
    issue->add_option("--output,-o", to.ca_issue.output, "Where to write it (default: stdout)")
        ->type_name("FILE");
    want_secret(issue, to.ca_issue.passphrase_file, "the CA's");
    issue->footer(
        "Examples:\n  handslag ca issue ca handslag-surfplatta-a.csr --name 'surfplatta A' -o "
        "surfplatta-a.crt\n"
        "  handslag ca issue ca bundle.csr --kind bundle --name arkivpaket -o bundle-recipient.pem");
    issue->callback([&] { exit = issue_certificate(to.ca_issue); });

    auto* show = ca->add_subcommand("show", "Show the CA and all that it has issued; needs no passphrase");
    show->add_option("dir", to.folder, "The CA's folder")->required()->type_name("DIR");
    show->add_flag("--json", to.json, "One JSON object");
    show->callback([&] { exit = show_ca(to.folder, to.form()); });
    add_ca_acts(*ca, to, exit);
    add_ca_renewal(*ca, to, exit);
}

void add_keys(CLI::App& app, Choices& to, int& exit) {
    auto* key = app.add_subcommand("key", "Keys that are not a tablet's")->require_subcommand(1);
    auto* create = key->add_subcommand("create", "Make a key and a request for its certificate");
    create->add_option("--name", to.key.name, "What it is for: arkivpaket")->required();
    create->add_option("--output,-o", to.key.output, "NAME makes NAME.key and NAME.csr")
        ->required()
        ->type_name("NAME");
    want_secret(create, to.key.passphrase_file, "the new key's");
    create->footer("Example:\n  handslag key create --name arkivpaket -o bundle");
    create->callback([&] { exit = create_key(to.key); });

    auto* request = app.add_subcommand("request", "Write a tablet's request for a seal certificate");
    request->add_option("dir", to.folder, "The tablet's folder, or its keys folder")
        ->required()
        ->type_name("DIR");
    request->add_option("--output,-o", to.output, "Where to write it (default: stdout)")->type_name("FILE");
    auto* token =
        request
            ->add_option("--token", to.token.uri,
                         "From now on the seal key is the one in this card, HSM (pkcs11:...) or TPM "
                         "(handle:0x81000001)")
            ->type_name("URI");
    request
        ->add_option("--pin-file", to.token.pin_file,
                     "First line is the token's PIN; without it you are asked")
        ->type_name("FILE")
        ->needs(token);
    want_secret(request, to.passphrase_file, "the tablet's, with --token");
    request->footer(
        "Example:\n  handslag request /var/lib/handslag -o a.csr\n"
        "With a token the kiosk needs no other setting; its PIN is kept encrypted beside the other keys:\n"
        "  handslag request /var/lib/handslag --token 'pkcs11:token=Kommunen;object=sigill' -o a.csr");
    request->callback([&] {
        if (!to.token.uri.empty()) exit = use_token(to.folder, to.token, to.passphrase_file);
        if (exit == all_well) exit = write_request(to.folder, to.output);
    });

    auto* install = app.add_subcommand("install", "Install the certificate that answers a tablet's request");
    install->add_option("dir", to.folder, "The tablet's folder, or its keys folder")
        ->required()
        ->type_name("DIR");
    install->add_option("chain", to.chain, "What handslag ca issue wrote")->required()->type_name("CRT");
    want_secret(install, to.passphrase_file, "the tablet's");
    install->callback([&] { exit = install_certificate(to.folder, to.chain, to.passphrase_file); });
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{
        "Handslag for staff: prepare ceremonies, issue certificates, verify, inspect and audit. Works "
        "offline."};
    app.name("handslag");
    app.set_version_flag("--version", "handslag " HANDSLAG_VERSION);
    app.require_subcommand(1);
    app.footer("handslag COMMAND --help tells more, with examples.");
    Choices choices;
    int exit = all_well;
    add_reading(app, choices, exit);
    add_extending(app, choices, exit);
    add_checking(app, choices, exit);
    add_ca(app, choices, exit);
    add_keys(app, choices, exit);
    staff::add_sync_commands(app, exit);
    staff::add_bundle_commands(app, exit);
    staff::add_monitor_command(app, exit);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? all_well : could_not;
    } catch (const std::exception& error) {
        std::cerr << "handslag: " << error.what() << '\n';
        return could_not;
    }
    return exit;
}

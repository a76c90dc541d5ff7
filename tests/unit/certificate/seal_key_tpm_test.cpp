// A seal key in a TPM: swtpm stands in for the chip, Debian's tools put a key into it, and our CA answers its request.
#include <cstdlib>

#include <doctest/doctest.h>

#include "core/base/file.h"
#include "core/certificate/ca.h"
#include "core/certificate/verify.h"
#include "tests/support/certificate_samples.h"
#include "tests/support/temporary_folder.h"

namespace {

constexpr const char* passphrase = "mossa granit kajak";

bool run(const std::string& command) {
    return std::system(("(" + command + ") >/dev/null 2>&1").c_str()) == 0;
}
bool is_here() {
    bool here =
        run("command -v swtpm && command -v tpm2_createprimary && "
            "test -e \"$(openssl version -m | cut -d '\"' -f 2)/tpm2.so\"");
    if (!here)
        MESSAGE("swtpm, tpm2-tools or tpm2-openssl is not installed: seal keys in a TPM are not tested here");
    return here;
}

// A TPM of its own in a folder, with one P-256 key at 0x81000001 whose passphrase is 4711.
struct Tpm {
    TemporaryFolder folder;
    std::string here = (folder / "").string();
    Tpm() {
        auto at = [&](const char* name) { return " type=unixio,path=" + here + name; };
        REQUIRE(run("swtpm socket --tpm2 --tpmstate dir=" + here + " --server" + at("socket") + " --ctrl" +
                    at("socket.ctrl") + " --flags not-need-init,startup-clear --daemon --pid file=" + here +
                    "pid"));
        std::string place = "swtpm:path=" + here + "socket";
        ::setenv("TSS2_LOG", "all+NONE", 1);  // it tells of every refusal, and refusals are wanted here
        ::setenv("TPM2TOOLS_TCTI", place.c_str(), 1);
        ::setenv("TPM2OPENSSL_TCTI", place.c_str(), 1);
        // A bare TPM has three places for keys at work, and nobody here who clears them.
        for (std::string command :
             {"tpm2_createprimary -C o -G ecc -c primary", "tpm2_flushcontext -t",
              "tpm2_create -C primary -G ecc256:ecdsa-sha256 -p 4711 -u public -r private "
              "-a 'fixedtpm|fixedparent|sensitivedataorigin|userwithauth|sign'",
              "tpm2_flushcontext -t", "tpm2_load -C primary -u public -r private -c key",
              "tpm2_evictcontrol -C o -c key 0x81000001", "tpm2_flushcontext -t"}) {
            CAPTURE(command);
            REQUIRE(run("cd " + here + " && " + command));
        }
    }
    ~Tpm() { run("kill $(cat " + here + "pid)"); }

    std::string request() const {
        REQUIRE(
            run("openssl req -new -provider tpm2 -provider default -key 'handle:0x81000001?pass' -passin "
                "pass:4711 "
                "-subj /CN=x -out " +
                here + "csr"));
        return std::string(core::as_text(core::read_file(folder / "csr").value()));
    }
};

}  // namespace

TEST_CASE("a key in a TPM seals with its passphrase, and with no other") {
    if (!is_here()) return;
    Tpm tpm;
    auto ca = core::MunicipalCa::create(tpm.folder / "ca", {"Strandköpings kommun", "212000-0142"},
                                        passphrase, test::now_ms);
    REQUIRE(ca.ok());
    auto issued = ca->issue(tpm.request(), core::IssueKind::seal, "surfplatta A", 3, test::now_ms);
    REQUIRE(issued.ok());
    auto key = core::SealKey::load("handle:0x81000001", "4711", issued->chain_pem);
    REQUIRE(key.ok());
    auto made = test::workshop().make(test::sample_record(), *key);
    if (!made.ok()) FAIL(made.error().detail);
    auto report = core::verify_certificate(made->pdf, ca->root_pem(), test::now_ms);
    REQUIRE(report.ok());
    CHECK(report->verdict == core::Verdict::valid);

    // The TPM is asked when it signs; a wrong passphrase counts there.
    auto guessed = core::SealKey::load("handle:0x81000001", "0815", issued->chain_pem);
    if (guessed.ok()) CHECK(guessed->sign_detached({}, {}).error().code == core::Errc::token_silent);
    CHECK_FALSE(core::SealKey::load("handle:0x81000002", "4711", issued->chain_pem).ok());
    auto other = core::make_key_and_request("surfplatta B", passphrase).value();
    auto of_another =
        ca->issue(other.request_pem, core::IssueKind::seal, "surfplatta B", 3, test::now_ms).value();
    CHECK(core::SealKey::load("handle:0x81000001", "4711", of_another.chain_pem).error().code ==
          core::Errc::conflict);
}

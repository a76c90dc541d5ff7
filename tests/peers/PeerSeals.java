// What Apache PDFBox and Bouncy Castle say about sealed PDFs: java PeerSeals TRUST.pem FILE...
//
// One line a file, by tabs: name, "ok" or "NO", the level as seen here, what was found. Every signature must be valid,
// name its certificate (ESS), and lead to a certificate in TRUST.pem; the last must cover the whole file.
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.FileInputStream;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.Security;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.pdfbox.cos.COSArray;
import org.apache.pdfbox.cos.COSBase;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.cos.COSStream;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.PDSignature;
import org.bouncycastle.asn1.ASN1InputStream;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.ess.SigningCertificateV2;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.SingleResp;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.tsp.TimeStampToken;
import org.bouncycastle.util.Store;

@SuppressWarnings("unchecked") // stores of Bouncy Castle have no element type
public class PeerSeals {
    private static class Refused extends Exception {
        Refused(String why) { super(why); }
    }

    private final Set<TrustAnchor> anchors = new HashSet<>();
    private byte[] file;
    private COSDictionary dss;
    private final List<X509Certificate> toBeChecked =
        new ArrayList<>(); // for revocation, with issuers beside
    private final List<X509Certificate> issuers = new ArrayList<>();

    PeerSeals(String trust) throws Exception {
        try (FileInputStream in = new FileInputStream(trust)) {
            for (java.security.cert.Certificate one :
                CertificateFactory.getInstance("X.509").generateCertificates(in))
                anchors.add(new TrustAnchor((X509Certificate) one, null));
        }
    }

    private static void want(boolean held, String why) throws Refused {
        if (!held) throw new Refused(why);
    }

    /** The path to a trusted certificate, for `purpose` (an extended key usage), or an exception. */
    private void chain(X509CertificateHolder signer, Store<X509CertificateHolder> beside) throws Exception {
        JcaX509CertificateConverter convert = new JcaX509CertificateConverter().setProvider("BC");
        Collection<X509Certificate> others = new ArrayList<>();
        for (X509CertificateHolder one : beside.getMatches(null)) others.add(convert.getCertificate(one));
        X509CertSelector target = new X509CertSelector();
        X509Certificate wanted = convert.getCertificate(signer);
        target.setCertificate(wanted);
        PKIXBuilderParameters rules = new PKIXBuilderParameters(anchors, target);
        rules.setRevocationEnabled(false); // judged below, from what the file carries
        rules.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(others)));
        PKIXCertPathBuilderResult found =
            (PKIXCertPathBuilderResult) CertPathBuilder.getInstance("PKIX", "BC").build(rules);
        List<? extends java.security.cert.Certificate> path = found.getCertPath().getCertificates();
        for (int i = 0; i < path.size(); ++i) {
            toBeChecked.add((X509Certificate) path.get(i));
            issuers.add(i + 1 < path.size() ? (X509Certificate) path.get(i + 1)
                                            : found.getTrustAnchor().getTrustedCert());
        }
    }

    private static void checkEss(SignerInformation signer, X509CertificateHolder certificate)
        throws Exception {
        Attribute ess = signer.getSignedAttributes() == null
            ? null
            : signer.getSignedAttributes().get(PKCSObjectIdentifiers.id_aa_signingCertificateV2);
        want(ess != null, "no signing-certificate-v2");
        byte[] named =
            SigningCertificateV2.getInstance(ess.getAttrValues().getObjectAt(0)).getCerts()[0].getCertHash();
        byte[] own = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
        want(Arrays.equals(named, own), "another certificate than the signature names");
    }

    private TimeStampToken checkToken(CMSSignedData cms, byte[] stamped) throws Exception {
        TimeStampToken token = new TimeStampToken(cms);
        X509CertificateHolder authority =
            (X509CertificateHolder) token.getCertificates().getMatches(token.getSID()).iterator().next();
        token.validate(new JcaSimpleSignerInfoVerifierBuilder().setProvider("BC").build(authority));
        String algorithm = token.getTimeStampInfo().getMessageImprintAlgOID().getId();
        byte[] imprint = MessageDigest.getInstance(algorithm, "BC").digest(stamped);
        want(Arrays.equals(imprint, token.getTimeStampInfo().getMessageImprintDigest()),
            "imprint of something else");
        chain(authority, token.getCertificates());
        return token;
    }

    /** Gives back whether the seal has a timestamp. */
    private boolean checkSeal(byte[] der, byte[] content) throws Exception {
        CMSSignedData cms = new CMSSignedData(new CMSProcessableByteArray(content), der);
        want(cms.getSignerInfos().size() == 1, "not one signer");
        SignerInformation signer = cms.getSignerInfos().getSigners().iterator().next();
        X509CertificateHolder certificate =
            (X509CertificateHolder) cms.getCertificates().getMatches(signer.getSID()).iterator().next();
        want(signer.verify(new JcaSimpleSignerInfoVerifierBuilder().setProvider("BC").build(certificate)),
            "signature does not hold");
        want(signer.getSignedAttributes().get(PKCSObjectIdentifiers.pkcs_9_at_signingTime) == null,
            "signing time");
        checkEss(signer, certificate);
        chain(certificate, cms.getCertificates());
        Attribute stamp = signer.getUnsignedAttributes() == null
            ? null
            : signer.getUnsignedAttributes().get(PKCSObjectIdentifiers.id_aa_signatureTimeStampToken);
        if (stamp == null) return false;
        byte[] token = stamp.getAttrValues().getObjectAt(0).toASN1Primitive().getEncoded();
        checkToken(new CMSSignedData(token), signer.getSignature());
        return true;
    }

    private static byte[] cmsOf(PDSignature signature, byte[] file) throws Exception {
        byte[] hole = signature.getContents(file);
        byte[] der;
        try (ASN1InputStream in = new ASN1InputStream(hole)) {
            der = in.readObject().getEncoded();
        }
        want(Arrays.equals(der, Arrays.copyOf(hole, der.length)), "not DER");
        for (int i = der.length; i < hole.length; ++i) want(hole[i] == 0, "something behind the seal");
        return der;
    }

    private List<byte[]> fromDss(String key) throws Exception {
        List<byte[]> all = new ArrayList<>();
        COSBase list = dss.getDictionaryObject(COSName.getPDFName(key));
        if (list instanceof COSArray)
            for (int i = 0; i < ((COSArray) list).size(); ++i)
                all.add(((COSStream) ((COSArray) list).getObject(i)).createInputStream().readAllBytes());
        return all;
    }

    /** Every certificate on the way to an anchor has its revocation status in the file. */
    private void checkRevocation() throws Exception {
        CertificateFactory factory = CertificateFactory.getInstance("X.509", "BC");
        for (byte[] one : fromDss("Certs")) factory.generateCertificate(new ByteArrayInputStream(one));
        for (int i = 0; i < toBeChecked.size(); ++i) {
            X509Certificate certificate = toBeChecked.get(i), issuer = issuers.get(i);
            if (certificate.getExtensionValue("1.3.6.1.5.5.7.48.1.5") != null) continue; // OCSP no-check
            boolean said = false;
            for (byte[] one : fromDss("CRLs")) {
                X509CRL list = (X509CRL) factory.generateCRL(new ByteArrayInputStream(one));
                if (!list.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) continue;
                list.verify(issuer.getPublicKey());
                want(!list.isRevoked(certificate), "revoked: " + certificate.getSubjectX500Principal());
                said = true;
            }
            for (byte[] one : fromDss("OCSPs")) {
                BasicOCSPResp answers = (BasicOCSPResp) new OCSPResp(one).getResponseObject();
                for (SingleResp answer : answers.getResponses())
                    if (answer.getCertID().getSerialNumber().equals(certificate.getSerialNumber())) {
                        want(answer.getCertStatus() == CertificateStatus.GOOD, "OCSP does not say good");
                        said = true;
                    }
            }
            want(said, "no revocation data for " + certificate.getSubjectX500Principal());
        }
    }

    /** The level, when all of it holds. */
    private String judge(File path) throws Exception {
        file = Files.readAllBytes(path.toPath());
        toBeChecked.clear();
        issuers.clear();
        try (PDDocument document = PDDocument.load(file)) {
            dss = (COSDictionary) document.getDocumentCatalog().getCOSObject().getDictionaryObject(
                COSName.getPDFName("DSS"));
            List<PDSignature> all = new ArrayList<>(document.getSignatureDictionaries());
            all.sort(Comparator.comparingInt(one -> one.getByteRange()[2]));
            want(!all.isEmpty(), "no signature");
            boolean stamped = false, archived = false;
            for (int i = 0; i < all.size(); ++i) {
                PDSignature one = all.get(i);
                int[] range = one.getByteRange();
                boolean whole = range[0] == 0 && range[2] + range[3] == file.length;
                byte[] content = one.getSignedContent(file);
                if (i == 0) {
                    want("ETSI.CAdES.detached".equals(one.getSubFilter()), "the first signature is no seal");
                    stamped = checkSeal(cmsOf(one, file), content);
                    want(whole || dss != null, "something was appended");
                } else {
                    want(
                        "ETSI.RFC3161".equals(one.getSubFilter()), "a second signature that is no timestamp");
                    checkToken(new CMSSignedData(cmsOf(one, file)), content);
                    archived = whole;
                }
            }
            if (dss != null) checkRevocation();
            if (archived) want(stamped && dss != null, "a document timestamp alone");
            return archived ? "B-LTA" : dss != null ? "B-LT" : stamped ? "B-T" : "B-B";
        }
    }

    public static void main(String[] arguments) throws Exception {
        java.util.logging.LogManager.getLogManager().reset();
        Security.addProvider(new BouncyCastleProvider());
        PeerSeals peer = new PeerSeals(arguments[0]);
        boolean agreed = true;
        for (String name : Arrays.copyOfRange(arguments, 1, arguments.length)) {
            File path = new File(name);
            try {
                System.out.println(path.getName() + "\tok\t" + peer.judge(path) + "\t");
            } catch (Exception problem) {
                agreed = false;
                String why = problem instanceof Refused ? problem.getMessage() : problem.toString();
                System.out.println(path.getName() + "\tNO\t?\t" + why.replaceAll("\\s+", " "));
            }
        }
        System.exit(agreed ? 0 : 1);
    }
}

"""Signing as a signing service does it: test certificates, and one signature after the other in a file."""

from __future__ import annotations

import asyncio
import datetime as dt
import io
from functools import cache
from typing import Any

from asn1crypto import keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.content import RawContent
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers, validation
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

FROM = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
UNTIL = dt.datetime(2120, 1, 1, tzinfo=dt.UTC)


class KeepsMetadata(IncrementalPdfFileWriter):
    """Leaves the XMP as it is: pyHanko would write it anew with each signature."""

    def _update_meta(self) -> None:
        pass


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _certificate(
    subject: str, key: ec.EllipticCurvePrivateKey, issuer: str, signing: Any, *, authority: bool
) -> x509.Certificate:
    usage = dict.fromkeys(
        (
            *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment"),
            *("key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
        ),
        False,
    )
    usage |= {"key_cert_sign": True} if authority else {"content_commitment": True}
    return (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(FROM)
        .not_valid_after(UNTIL)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .sign(signing, hashes.SHA256())
    )


def _as_asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


@cache
def _authority() -> tuple[ec.EllipticCurvePrivateKey, asn1_x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    root = _certificate("Prøverot", key, "Prøverot", key, authority=True)
    return key, _as_asn1(root)


def a_signer(name: str) -> signers.SimpleSigner:
    """Somebody with a certificate from the test's own authority."""
    authority, root = _authority()
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _certificate(name, key, "Prøverot", authority, authority=False)
    store = SimpleCertificateStore()
    store.register(root)
    private = key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return signers.SimpleSigner(
        signing_cert=_as_asn1(certificate),
        signing_key=keys.PrivateKeyInfo.load(private),
        cert_registry=store,
    )


def sign(pdf: bytes, field: str, name: str, *, certifying: bool = False) -> bytes:
    """Sign an existing field, PAdES B-B. The first signature certifies, and allows more of them."""
    writer = KeepsMetadata(io.BytesIO(pdf))
    metadata = signers.PdfSignatureMetadata(
        field_name=field,
        name=name,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=certifying,
        docmdp_permissions=fields.MDPPerm.FILL_FORMS,
    )
    # A stroke instead of the usual stamp, whose font is not embedded.
    stroke = RawContent(b"0 0 1 RG 1 w 4 8 m 60 18 l S", box=BoxConstraints(width=100, height=24))
    signer = signers.PdfSigner(
        metadata,
        signer=a_signer(name),
        stamp_style=StaticStampStyle(border_width=0, background=stroke, background_opacity=1),
        new_field_spec=None,
    )
    out = asyncio.run(signer.async_sign_pdf(writer, existing_fields_only=True))
    return bytes(out.getbuffer())


def statuses(pdf: bytes) -> list[Any]:
    """What pyHanko says of every signature in the file, the first first."""
    _, root = _authority()
    reader = PdfFileReader(io.BytesIO(pdf))
    context = ValidationContext(trust_roots=[root])

    async def judge() -> list[Any]:
        return [
            await validation.async_validate_pdf_signature(signature, context)
            for signature in reader.embedded_regular_signatures
        ]

    return asyncio.run(judge())

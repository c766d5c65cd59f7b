"""The key pair of SigV4a, derived with the standard library, and ECDSA by the
package `ecdsa`: a second implementation beside awscrt's."""

import hashlib
import hmac

import ecdsa
from ecdsa.util import sigdecode_der, sigencode_der


class KeyPair:
    """Derived from an id and a secret, as AWS's documentation of SigV4a says."""

    def __init__(self, access_key_id, secret_access_key):
        order = ecdsa.NIST256p.order
        for number in range(1, 255):
            candidate = int.from_bytes(_candidate(access_key_id, secret_access_key, number))
            if candidate <= order - 2:
                break
        self._private = ecdsa.SigningKey.from_secret_exponent(candidate + 1, ecdsa.NIST256p)

    def public_key(self):
        """The two coordinates, in hexadecimal."""
        both = self._private.verifying_key.to_string().hex()
        return [both[:64], both[64:]]

    def sign(self, string_to_sign):
        """The one signature that a deterministic signer (RFC 6979) makes."""
        digest = hashlib.sha256(string_to_sign.encode()).digest()
        return self._private.sign_digest_deterministic(
            digest, hashlib.sha256, sigencode=sigencode_der
        ).hex()

    def has_signed(self, string_to_sign, signature):
        digest = hashlib.sha256(string_to_sign.encode()).digest()
        try:
            return self._private.verifying_key.verify_digest(
                bytes.fromhex(signature), digest, sigdecode=sigdecode_der
            )
        except ecdsa.BadSignatureError:
            return False


def _candidate(access_key_id, secret_access_key, number):
    """One block of the KDF in counter mode (NIST SP 800-108)."""
    fixed = b"AWS4-ECDSA-P256-SHA256\0" + access_key_id.encode() + bytes([number])
    message = (1).to_bytes(4) + fixed + (256).to_bytes(4)
    return hmac.digest(b"AWS4A" + secret_access_key.encode(), message, "sha256")

# SPDX-License-Identifier: Apache-2.0
"""Gateways of every kind as they call us: each one's fields, content type and signature, made from its documentation and not by our code."""
import base64
import hashlib
import hmac
import json
import time
import urllib.parse
import uuid

THEIR_KEY = "test-signing-key-of-the-provider"


def key_of(kind):
    """Each provider's own."""
    return f"{THEIR_KEY}-{kind}"


class Call:
    """One request of a gateway: what is sent, and the parts that a test may spoil."""

    def __init__(self, url, form=None, document=None, query=None, headers=None):
        self.url = url + (("&" if "?" in url else "?") + urllib.parse.urlencode(query) if query else "")
        self.headers = dict(headers or {})
        self.body = b""
        if form is not None:
            self.body = urllib.parse.urlencode(form).encode()
            self.headers["Content-Type"] = "application/x-www-form-urlencoded"
        if document is not None:
            self.body = json.dumps(document, ensure_ascii=False).encode()
            self.headers["Content-Type"] = "application/json"

    def send(self, site):
        path = self.url.removeprefix(site.service.public_url)
        client = site.citizen()
        try:
            return client.post(path, data=self.body, headers=self.headers)
        finally:
            client.close() # each is another connection, and a run makes a thousand


def mac(digest, text, key):
    return hmac.new(key.encode(), text if isinstance(text, bytes) else text.encode(), digest)


def base64_of(code):
    return base64.b64encode(code.digest()).decode()


def kannel(gateway, phone, text, message_id):
    return Call(gateway["messages_url"], query={"from": phone, "to": "8888", "id": message_id, "ts": int(time.time()), "coding": "0",
                                                "charset": "UTF-8", "text": text})


def jasmin(gateway, phone, text, message_id):
    octets = text.encode("utf-16-be")
    return Call(gateway["messages_url"], form={"id": message_id, "from": phone, "to": "8888", "origin-connector": "x", "coding": "8",
                                               "content": octets, "binary": octets.hex()})


def twilio(gateway, phone, text, message_id):
    form = {"MessageSid": "SM" + hashlib.sha256(message_id.encode()).hexdigest()[:32], "AccountSid": "AC0", "From": phone, "To": "+14155550100", "Body": text, "NumMedia": "0"}
    signed = gateway["messages_url"] + "".join(name + form[name] for name in sorted(form))
    return Call(gateway["messages_url"], form=form, headers={"X-Twilio-Signature": base64_of(mac("sha1", signed, gateway["key"]))})


def vonage(gateway, phone, text, message_id, at=None, **parts):
    form = {"msisdn": phone.lstrip("+"), "to": "14155550100", "messageId": message_id, "text": text, "type": "unicode",
            "message-timestamp": "2026-11-24 10:00:00", "timestamp": str(int(at or time.time())), "nonce": str(uuid.uuid4()), **parts}
    signed = "".join(f"&{name}={form[name].replace('&', '_').replace('=', '_')}" for name in sorted(form))
    return Call(gateway["messages_url"], form=form | {"sig": mac("sha256", signed, gateway["key"]).hexdigest()})


def infobip(gateway, phone, text, message_id):
    return infobip_batch(gateway, [(phone, text, message_id)])


def infobip_batch(gateway, messages):
    return Call(gateway["messages_url"], document={"messageCount": len(messages), "pendingMessageCount": 0, "results": [
        {"messageId": message_id, "from": phone.lstrip("+"), "to": "14155550100", "text": text, "cleanText": text,
         "receivedAt": "2026-11-24T10:00:00.000+0000", "smsCount": 1} for phone, text, message_id in messages]})


def africastalking(gateway, phone, text, message_id):
    return Call(gateway["messages_url"], form={"from": phone, "to": "21512", "text": text, "date": "2026-11-24T10:00:00Z", "id": message_id,
                                               "linkId": "03090445075804249226"})


def messagebird(gateway, phone, text, message_id, at=None):
    call = Call(gateway["messages_url"], form={"id": message_id, "originator": phone.lstrip("+"), "recipient": "14155550100", "body": text,
                                               "createdDatetime": "2026-11-24T10:00:00+00:00"})
    now = int(at or time.time())
    parts = [{"alg": "HS256", "typ": "JWT"},
             {"iss": "MessageBird", "nbf": now, "exp": now + 60, "jti": str(uuid.uuid4()),
              "url_hash": hashlib.sha256(call.url.encode()).hexdigest(), "payload_hash": hashlib.sha256(call.body).hexdigest()}]
    token = ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
    signature = base64.urlsafe_b64encode(mac("sha256", token, gateway["key"]).digest()).decode().rstrip("=")
    call.headers["MessageBird-Signature-JWT"] = f"{token}.{signature}"
    return call


def plivo(gateway, phone, text, message_id):
    form = {"From": phone.lstrip("+"), "To": "14155550100", "Text": text,
            "MessageUUID": str(uuid.uuid5(uuid.NAMESPACE_OID, message_id)), "Type": "sms", "Units": "1"}
    nonce = str(uuid.uuid4().int)
    signed = gateway["messages_url"] + "?" + "".join(name + form[name] for name in sorted(form)) + "." + nonce
    return Call(gateway["messages_url"], form=form,
                headers={"X-Plivo-Signature-V3": base64_of(mac("sha256", signed, gateway["key"])), "X-Plivo-Signature-V3-Nonce": nonce})


def plivo_v2(gateway, phone, text, message_id):
    call = plivo(gateway, phone, text, message_id)
    nonce = call.headers["X-Plivo-Signature-V3-Nonce"]
    signed = base64_of(mac("sha256", gateway["messages_url"] + nonce, gateway["key"]))
    call.headers = {"Content-Type": call.headers["Content-Type"], "X-Plivo-Signature-V2": signed, "X-Plivo-Signature-V2-Nonce": nonce}
    return call


def clickatell(gateway, phone, text, message_id):
    return Call(gateway["messages_url"], document={
        "messageId": "of-what-is-answered", "replyMessageId": message_id, "fromNumber": phone.lstrip("+"), "toNumber": "14155550100",
        "timestamp": int(time.time() * 1000), "text": urllib.parse.quote_plus(text.encode("utf-16-be")), "charset": "UTF-16BE"})


def smssync(gateway, phone, text, message_id):
    return Call(gateway["messages_url"], form={"secret": gateway["secret"], "from": phone, "message": text, "message_id": message_id,
                                               "sent_timestamp": int(time.time() * 1000), "sent_to": "", "device_id": "1"})


def android(gateway, phone, text, message_id, at=None, event="sms:received"):
    call = Call(gateway["messages_url"], document={
        "deviceId": "ffffffffceb0b1db0000018e937c815b", "event": event, "id": message_id, "webhookId": "w1",
        "payload": {"messageId": "abc123", "message": text, "phoneNumber": phone, "simNumber": 1,
                    "receivedAt": "2026-11-24T10:00:00.000+01:00"}})
    sent_at = str(int(at or time.time()))
    call.headers |= {"X-Timestamp": sent_at, "X-Signature": mac("sha256", call.body + sent_at.encode(), gateway["secret"]).hexdigest()}
    return call


def generic(gateway, phone, text, message_id):
    return Call(gateway["messages_url"], document={"who": {"number": phone}, "words": text, "key": message_id})


KINDS = {call.__name__.replace("_", "-"): call for call in (
    kannel, jasmin, twilio, vonage, infobip, africastalking, messagebird, plivo, plivo_v2, clickatell, smssync, android, generic)}
THEIRS = ("twilio", "vonage", "messagebird", "plivo", "plivo-v2")
SIGNED = (*THEIRS, "android")
OWN_NAMES = "from=who/number&text=words&id=key"


def add(site, kind, crisis, name=None, key=None):
    """Makes a gateway of the kind, as an operator would; what `muster gateway add` printed, and the provider's key."""
    key_file = site.directory / "provider.key"
    key_file.write_text((key or key_of(kind)) + "\n")
    more = ["--secret-file", key_file] if kind in THEIRS else ["--fields", OWN_NAMES] if kind == "generic" else []
    made = site.service.muster_json("gateway", "add", "--name", name or f"of-{kind}", "--kind", kind, "--crisis", crisis, *more)
    return made | {"key": key or key_of(kind)}

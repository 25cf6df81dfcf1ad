package tlscore

import (
	"testing"

	"colibri/tlscore/record"
	"colibri/tlscore/wire"
	"colibri/x509lite"
)

// TestEveryErrorIsComplete: an error that was forgotten in one of the tables would be sent as close_notify, which is a lie, but for
// ErrAborted.
func TestEveryErrorIsComplete(t *testing.T) {
	seen := map[string]Error{}
	for e := Error(1); e < numErrors; e++ {
		if texts[e] == "" || alerts[e] == AlertCloseNotify && e != ErrAborted {
			t.Errorf("error %d has no entry", e)
		}
		if other, found := seen[e.Error()]; found {
			t.Errorf("errors %d and %d have the same text", e, other)
		}
		seen[e.Error()] = e
	}
	if got := numErrors.Error(); got != "unknown TLS error" {
		t.Errorf("an unknown error says %q", got)
	}
}

func TestAlertFor(t *testing.T) {
	for _, test := range []struct {
		err   error
		alert Alert
		sent  bool
	}{
		{ErrBadFinished, AlertDecryptError, true},
		{ErrTruncated, noAlert, false},
		{PeerAlert(AlertUnknownCA), noAlert, false},
		{wire.ErrDecode, AlertDecodeError, true},
		{wire.ErrDuplicateExtension, AlertIllegalParameter, true},
		{record.ErrBadMAC, AlertBadRecordMAC, true},
		{record.ErrOverflow, AlertRecordOverflow, true},
		{x509lite.ErrDER, AlertDecodeError, true},
		{x509lite.ErrExpired, AlertCertificateExpired, true},
		{x509lite.ErrUnacceptableHash, AlertBadCertificate, true},
		{x509lite.ErrUnknownIssuer, AlertUnknownCA, true},
		{x509lite.ErrNoClock, AlertInternalError, true},
		{Error(0), AlertInternalError, true},
	} {
		if alert, sent := AlertFor(test.err); alert != test.alert || sent != test.sent {
			t.Errorf("%v: %v, %v; want %v, %v", test.err, alert, sent, test.alert, test.sent)
		}
	}
}

func TestAlertNames(t *testing.T) {
	for a, want := range map[Alert]string{
		AlertCloseNotify:         "close_notify",
		AlertCertificateRequired: "certificate_required",
		99:                       "unknown",
	} {
		if got := a.String(); got != want {
			t.Errorf("alert %d is called %q, want %q", a, got, want)
		}
	}
}

// TestLowerErrorsHaveTexts: the packages below keep their texts in tables that could have gaps.
func TestLowerErrorsHaveTexts(t *testing.T) {
	for e := wire.ErrDecode; e <= wire.ErrBinders; e++ {
		if e.Error() == wire.Error(255).Error() {
			t.Errorf("wire error %d has no text", e)
		}
	}
	for e := record.ErrNotTLS; e <= record.ErrUnprotected; e++ {
		if e.Error() == record.Error(255).Error() {
			t.Errorf("record error %d has no text", e)
		}
	}
}

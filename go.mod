module colibri

go 1.26.0

require (
	filippo.io/nistec v0.0.4
	github.com/cloudflare/circl v1.6.5
	github.com/google/gofuzz v1.2.0
	github.com/soypat/lneto v0.3.2
	go.yaml.in/yaml/v4 v4.0.0
	golang.org/x/crypto v0.58.0
	golang.org/x/perf v0.0.0-20260908200009-22c9c6c9d4da
	golang.org/x/sys v0.49.0
	software.sslmate.com/src/go-pkcs12 v0.7.4
)

require github.com/aclements/go-moremath v0.0.0-20210112150236-f10218a38794 // indirect

tool golang.org/x/perf/cmd/benchstat

// What an Ingress controller does with a Secret of type kubernetes.io/tls, as ingress-nginx does it in CreateSSLCert
// (internal/net/ssl/ssl.go) and createServers (internal/ingress/controller/controller.go): the first certificate is
// parsed, the pair is loaded, the host is looked for in the certificate. No path is verified and no time is read.
//
// Reads lines `id TAB host TAB base64 of tls.crt TAB base64 of tls.key` (an empty host is not checked), and writes
// `id TAB accepts|refuses TAB reason`.
package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
)

func main() {
	fmt.Printf("version\t%s\n", strings.TrimPrefix(runtime.Version(), "go"))
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 64<<20)
	for in.Scan() {
		fields := strings.Split(in.Text(), "\t")
		verdict := "accepts\t"
		if err := load(fields[1], decode(fields[2]), decode(fields[3])); err != nil {
			verdict = "refuses\t" + strings.Join(strings.Fields(err.Error()), " ")
		}
		fmt.Printf("%s\t%s\n", fields[0], verdict)
	}
}

func decode(text string) []byte {
	bytes, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		panic(err)
	}
	return bytes
}

func load(host string, crt, key []byte) error {
	block, _ := pem.Decode(bytes.Join([][]byte{crt, key}, []byte("\n")))
	if block == nil {
		return errors.New("no valid PEM formatted block found")
	}
	if block.Type != "CERTIFICATE" {
		return fmt.Errorf("the first block is %s", block.Type)
	}
	leaf, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return err
	}
	if _, err := tls.X509KeyPair(crt, key); err != nil {
		return err
	}
	if host == "" {
		return nil
	}
	err = leaf.VerifyHostname(host)
	if err != nil && len(leaf.DNSNames) == 0 && matches(leaf.Subject.CommonName, host) {
		return nil
	}
	return err
}

// The common name, where there is no DNS name: label by label, a first label `*` for any.
func matches(pattern, host string) bool {
	wanted := strings.Split(strings.ToLower(strings.TrimSuffix(host, ".")), ".")
	given := strings.Split(strings.ToLower(strings.TrimSuffix(pattern, ".")), ".")
	if len(wanted) != len(given) {
		return false
	}
	for at, label := range given {
		if label == "" || (label != wanted[at] && (at > 0 || label != "*")) {
			return false
		}
	}
	return true
}

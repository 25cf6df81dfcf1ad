// Package aesgcm encrypts and authenticates with AES-128-GCM and AES-256-GCM (NIST SP 800-38D, RFC 5116), with nonces of
// 12 bytes and tags of 16, in place.
package aesgcm

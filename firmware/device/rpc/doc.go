// Package rpc answers remote procedure calls as Mongoose OS speaks them over HTTP.
//
//	GET or POST /rpc/FS.Get with the arguments {"filename": "a.txt"} as the body, or GET /rpc/FS.Get?filename=a.txt
//	    -> the bare result, or {"code": 404, "message": "..."} with status 403, 404 or (for every other code) 500
//	POST /rpc with a frame {"id": 1, "method": "FS.Get", "args": {"filename": "a.txt"}}
//	    -> a frame {"id": 1, "src": "<device>", "result": ...}
//	       or      {"id": 1, "src": "<device>", "error": {"code": ..., "message": ...}}
//
// Who may call what: a client whose certificate was verified may call everything. Any other client may look
// (RPC.*, Sys.GetInfo, TLS.Info, FS.List, FS.ListExt, Config.Get, and FS.Get of the files that are served as
// pages anyway) but change nothing. Methods that change something want POST and refuse what another site made
// a browser send. Nobody gets at private keys, at the configuration's files or at the values of secret keys;
// package guard holds the list.
//
// Arguments that a method does not know are refused rather than passed over: a misspelt "append" must not
// overwrite a file.
package rpc

package p256

var implementations = []implementation{{"host", publicKeyHost, ecdhHost, signHost, verifyHost}}

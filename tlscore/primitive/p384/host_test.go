package p384

var implementations = []implementation{{"host", publicKeyHost, ecdhHost, signHost, verifyHost}}

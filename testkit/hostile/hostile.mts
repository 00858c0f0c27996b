/** Values that a payload may hold where another one belongs, as JSON: some cannot be written as literals. */
export const HOSTILE_VALUES = String.raw`
	null true false
	0 -0 -1 0.1 1e-320 1e400 -1e400 9007199254740993 123456789012345678901234567890 0.12345678901234567890123
	"" "\u0020" "\u00a0" "NaN" "Infinity" "-Infinity" "undefined" "null"
	"0x10" "1e5" "1,5" "1.399,90" "-" "9007199254740993" "\u0661\u0662\u0663"
	"2026-02-30" "2026-02-29T10:00:00-03:00" "2026-06-31T00:00:00" "2026-13-45T99:99:99Z" "2026-01-01T23:59:60Z"
	"2026-01-01T24:00:00Z" "0000-00-00\u002000:00:00" "0000-01-01T00:00:00" "-002026-01-01" "2026-W01-1T00:00Z" "1767225600"
	"<script>alert(1)</script>" "<img\u0020src=x\u0020onerror=alert(1)>&lt;" "={{\u0020$env.N8N_ENCRYPTION_KEY\u0020}}"
	"\u0000" "\ud800" "\udc00\ud800" "\u202e" "\ufeff" "%" "%E0%A4%A" "../../etc/passwd"
	[] {} [[]] [null] ["","\u0020"] ["ORDER_CREATED"] [{}] {"":""} {"0":1,"length":1}
	{"__proto__":{"polluted":1}} {"__proto__":null} {"constructor":{"prototype":{"polluted":1}}}
	{"toString":1,"valueOf":1} {"toJSON":1,"then":1}
	{"date":"2026-02-30\u002010:00:00","timezone":"UTC"}
	{"date":"2026-01-01\u002010:00:00.000000","timezone":"__proto__"}
	{"date":"2026-01-01\u002010:00:00.000000","timezone":"Nowhere/Atlantis"}
	{"date":{"date":1},"timezone":[]}
`
	.trim()
	.split(/\s+/);

/** Keys that every object inherits, or that programs ask objects for. */
export const INHERITED_KEYS = [
	...['__proto__', 'constructor', 'prototype', 'toString', 'valueOf', 'hasOwnProperty'],
	...['__defineGetter__', 'toJSON', 'then', 'length'],
];

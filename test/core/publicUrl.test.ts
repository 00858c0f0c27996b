import { isPublicUrl } from '../../nodes/core/publicUrl';

it.each([
	'https://n8n.example.com/webhook/1/webhook',
	'http://n8n.example.com:5678/webhook',
	'https://203.0.113.7/webhook',
	'https://[2001:db8::1]/webhook',
	'https://localhost.example.com/webhook',
	'https://172.32.0.1/webhook',
])('%s may be reached from the internet', (url) => {
	expect(isPublicUrl(url)).toBe(true);
});

it.each([
	'http://localhost:5678/webhook',
	'http://LOCALHOST/webhook',
	'http://localhost./webhook',
	'http://n8n.localhost/webhook',
	'http://n8n:5678/webhook',
	'http://nas.local/webhook',
	'http://n8n.internal/webhook',
	'http://router.home.arpa/webhook',
	'http://127.0.0.1:5678/webhook',
	'http://127.1/webhook',
	'http://2130706433/webhook',
	'http://0.0.0.0/webhook',
	'http://10.1.2.3/webhook',
	'http://100.64.0.1/webhook',
	'http://169.254.1.1/webhook',
	'http://172.16.0.1/webhook',
	'http://172.31.255.255/webhook',
	'http://192.168.1.20/webhook',
	'http://[::1]/webhook',
	'http://[::]/webhook',
	'http://[::ffff:127.0.0.1]/webhook',
	'http://[fd00::1]/webhook',
	'http://[fe80::1]/webhook',
	'',
	'no address',
])('"%s" cannot', (url) => {
	expect(isPublicUrl(url)).toBe(false);
});

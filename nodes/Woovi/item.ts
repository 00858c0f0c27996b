import { documentNumber, phone, text, type Reader } from '../core/fields';
import { isJsonObject, own, valueAt, type JsonObject } from '../core/json';
import {
	booleanField,
	centsField,
	customer,
	dateField,
	fieldOf,
	group,
	numberField,
	textField,
	type CustomerSources,
	type Shape,
} from '../core/shape';
import { canonicalCode, OLD_REFUND } from './events';

/** Whether a body is a refund in the deprecated form: its `pix` is the refund, its `charge` the one that was paid. */
export const isOldRefund = (body: JsonObject): boolean =>
	typeof body.event === 'string' && canonicalCode(body.event.trim()) === OLD_REFUND;

/** The first of these paths that leads to something; missing values and null do not count. */
const first =
	(...paths: string[]) =>
	(body: JsonObject): string | undefined =>
		paths.find((path) => (valueAt(body, path) ?? null) !== null);

/** A path that counts only in bodies with that key: other events use the same name for something else. */
const beside = (key: string, path: string) => (body: JsonObject) =>
	isJsonObject(own(body, key)) ? path : undefined;

const pixPath = (body: JsonObject) => (isOldRefund(body) ? undefined : 'pix');
const refundPath = (body: JsonObject) => (isOldRefund(body) ? 'pix' : 'refundTransaction');

/** The path of a key of a charge's last attempt. */
const inLastTry = (key: string) => (body: JsonObject) => {
	const tries = valueAt(body, 'cobr.tries') ?? [];
	// A value that is not a list gets a path too, so that it is named as unreadable.
	const last = Array.isArray(tries) ? tries.length - 1 : 0;
	return last < 0 ? undefined : `cobr.tries[${last}].${key}`;
};

/** `BR:CPF` and `BR:CNPJ` as `cpf` and `cnpj`, everything else as sent. */
const documentType: Reader = {
	type: 'string',
	read(value, context) {
		const sent = text.read(value, context);
		const [, type] = /^BR:(CPF|CNPJ)$/.exec(String(sent)) ?? [];
		return type?.toLowerCase() ?? sent;
	},
};

const PERSON: CustomerSources = {
	id: 'correlationID',
	name: 'name',
	email: 'email',
	// Disputes name it otherwise.
	mobile: ['phone', 'phoneNumber'],
	document: 'taxID.taxID',
	documentType: fieldOf(documentType, 'taxID.type'),
};

/** The keys of the item from `id` on: what the families of events show in the documented samples. */
export const item: Shape = {
	id: textField((body) =>
		isOldRefund(body)
			? 'pix.endToEndId'
			: first(
					'charge.correlationID',
					'pix.endToEndId',
					'refundTransaction.endToEndId',
					'payment.correlationID',
					'dispute.id',
					'dispute.endToEndId',
					'globalID',
					'stableDeposit.id',
					'stablePayout.id',
					'stableSubAccount.id',
				)(body),
	),
	status: textField((body) =>
		isOldRefund(body)
			? undefined
			: first(
					// The charge was completed when it was paid.
					...(own(body, 'event') === 'BOLETO_SETTLED' ? ['boleto.status'] : []),
					'charge.status',
					'pix.status',
					'refundTransaction.status',
					'payment.status',
					'dispute.status',
					'status',
					'accountRegister.status',
					'stableDeposit.status',
					'stablePayout.status',
					'stableSubAccount.status',
				)(body),
	),
	createdAt: dateField((body) =>
		isOldRefund(body)
			? 'pix.createdAt'
			: first(
					'charge.createdAt',
					'pix.createdAt',
					'refundTransaction.createdAt',
					'dispute.createdAt',
					'createdAt',
				)(body),
	),
	updatedAt: dateField((body) =>
		isOldRefund(body) ? undefined : first('charge.updatedAt', 'dispute.updatedAt')(body),
	),
	customer: customer(first('charge.customer', 'pix.customer', 'customer', 'dispute'), PERSON),
	environment: textField('account.environment'),
	company: group(
		{
			id: textField('id'),
			name: textField('name'),
			document: fieldOf(documentNumber, 'taxID'),
		},
		'company',
	),
	charge: group(
		{
			id: textField('globalID'),
			correlationId: textField('correlationID'),
			identifier: textField('identifier'),
			type: textField('type'),
			total: centsField('value'),
			discount: centsField('discount'),
			fee: centsField('fee'),
			comment: textField('comment'),
			paidAt: dateField('paidAt'),
			expiresAt: dateField('expiresDate'),
			pixCode: textField('brCode'),
			pixQrCodeUrl: textField('qrCodeImage'),
			paymentUrl: textField('paymentLinkUrl'),
		},
		'charge',
	),
	pix: group(
		{
			endToEndId: textField('endToEndId'),
			amount: centsField('value'),
			at: dateField('time'),
			type: textField('type'),
			message: textField('infoPagador'),
			fee: centsField('fee'),
		},
		pixPath,
	),
	payer: group(
		{
			name: textField('name'),
			email: textField('email'),
			phone: fieldOf(phone, 'phone'),
			document: fieldOf(documentNumber, 'taxID.taxID'),
			documentType: fieldOf(documentType, 'taxID.type'),
		},
		first(
			'payer',
			'charge.payer',
			'pix.payer',
			'originalTransaction.payer',
			'pix.debitParty.holder',
		),
	),
	boleto: group(
		{
			barcode: textField(['boletoBarcode', 'barcode']),
			line: textField('boletoDigitable'),
			amount: centsField('value'),
			fee: centsField('fee'),
			fine: centsField('finesValue'),
			interest: centsField('interestsValue'),
			dueAt: dateField('expiresDate'),
			settledAt: dateField('settledAt'),
			transactionId: textField('boletoTransactionID'),
		},
		'boleto',
	),
	refund: group(
		{
			endToEndId: textField('endToEndId'),
			amount: centsField('value'),
			at: dateField('time'),
			partial: booleanField('partial'),
			originalEndToEndId: textField('/originalTransaction.endToEndId'),
			originalAmount: centsField('/originalTransaction.value'),
			error: textField(beside('refundTransaction', 'error')),
		},
		refundPath,
	),
	payment: group(
		{
			correlationId: textField('correlationID'),
			amount: centsField('value'),
			pixKey: textField('destinationAlias'),
			comment: textField('comment'),
			endToEndId: textField(beside('payment', 'transaction.endToEndId')),
			at: dateField(beside('payment', 'transaction.time')),
			errorCode: textField(beside('payment', 'error.code')),
			errorMessage: textField(beside('payment', 'error.description')),
		},
		'payment',
	),
	dispute: group(
		{
			endToEndId: textField('endToEndId'),
			amount: centsField('value'),
			reason: textField('disputeReason'),
		},
		'dispute',
	),
	subscription: group({
		id: textField(
			(body) =>
				beside('cobr', 'paymentSubscriptionGlobalID')(body) ??
				beside('pixRecurring', 'globalID')(body),
		),
		correlationId: textField(
			(body) =>
				beside('cobr', 'correlationID')(body) ?? beside('pixRecurring', 'correlationID')(body),
		),
		amount: centsField(beside('pixRecurring', 'value')),
		recurrencyId: textField(['pixRecurring.recurrencyId', 'cobr.recurrencyId']),
		journey: textField('pixRecurring.journey'),
		authorizationStatus: textField('pixRecurring.status'),
		chargeDay: numberField('dayGenerateCharge'),
	}),
	installment: group({
		id: textField(beside('cobr', 'globalID')),
		number: numberField('installmentNumber'),
		amount: centsField(beside('cobr', 'value')),
		dueAt: dateField('dateGenerateCharge'),
		recurringChargeId: textField('cobr.identifierId'),
		chargeStatus: textField('cobr.status'),
		lastTryStatus: textField(inLastTry('tryStatus')),
		rejectCode: textField(
			(body) => first('cobr.rejectCode')(body) ?? inLastTry('rejectCode')(body),
		),
		endToEndId: textField('cobr.endToEndId'),
	}),
};

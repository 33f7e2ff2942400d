"""The fields each kind of file may have, with the names people give them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from kundenstamm.kit.words import gettext_noop

FieldType = Literal["text", "date", "number", "money", "share", "flag"]


@dataclass(frozen=True)
class Field:
    """``names`` are what headers say, in their normal form (see `normal`), best first."""

    name: str
    label: str
    type: FieldType
    names: tuple[str, ...]


def normal(header: str) -> str:
    """A header without case, accents and punctuation: ``Kd.-Nr.`` and ``kdnr`` are the same."""
    split = re.sub(r"(?<=[a-zß-ÿ])(?=[A-ZÄÖÜ])", " ", header)
    lowered = split.lower().replace("ß", "ss")
    for umlaut, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue")):
        lowered = lowered.replace(umlaut, letters)
    plain = unicodedata.normalize("NFKD", lowered).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9%]", "", plain)


def _field(name: str, label: str, kind: FieldType, names: str) -> Field:
    listed = names.split()
    own = normal(name)
    return Field(name, label, kind, tuple(listed if own in listed else [own, *listed]))


_CUSTOMER = (
    "customerid kundennummer kundennr kdnr kundenr debitor debitorennummer debitornr debitorennr "
    "customerno customernumber custid cust clientid accountid kundenid auftraggeber kontonummer "
    "konto buyer"
)
_CUSTOMER_NAME = (
    "kundenname kundenbezeichnung billingname name1 firma firmenname company companyname name "
    "clientname account kunde customer client"
)
_PRODUCT = (
    "artikelnummer artikelnr artnr artikelno sku productid productcode stockcode itemid itemno "
    "produktnummer materialnummer material ean gtin artikel item produkt product"
)
_PRODUCT_NAME = (
    "bezeichnung artikelbezeichnung artikeltext beschreibung description productname itemname "
    "artikelname positionstext text produktname leistung artikel item "
    "produkt product"
)
_CATEGORY = (
    "warengruppe artikelgruppe produktgruppe kategorie category productcategory group sortiment "
    "hauptwarengruppe productgroup"
)
_REPRESENTATIVE = (
    "vertreter vertrieb verkaeufer aussendienst betreuer vertreternummer salesrep representative "
    "salesperson accountmanager owner adm"
)

_PLACE = (
    _field("country", gettext_noop("Country"), "text", "land staat countrycode laendercode"),
    _field(
        "region", gettext_noop("Region"), "text", "gebiet bundesland verkaufsgebiet state bezirk"
    ),
    _field("postcode", gettext_noop("Postcode"), "text", "plz postleitzahl zip zipcode postalcode"),
    _field("city", gettext_noop("Place"), "text", "ort stadt wohnort town place"),
)

_LINE = _field(
    "line", gettext_noop("Line of the document"), "number", "position pos zeile belegposition"
)
SALES = (
    _field(
        "customer",
        gettext_noop("Customer number"),
        "text",
        _CUSTOMER + " kunde customer client email customeremail kundenemail",
    ),
    _field("customer_name", gettext_noop("Customer's name"), "text", _CUSTOMER_NAME),
    _field(
        "date",
        gettext_noop("Date"),
        "date",
        "belegdatum rechnungsdatum fakturadatum datum date invoicedate orderdate ts timestamp "
        "auftragsdatum buchungsdatum lieferdatum verkaufsdatum saledate transactiondate day tag "
        "created createdat",
    ),
    _field(
        "amount",
        gettext_noop("Net amount"),
        "money",
        "nettobetrag netto betrag umsatz nettoumsatz positionswert zeilenbetrag gesamtpreis wert "
        "betragnetto umsatznetto gesamtnetto summenetto netamount net sales revenue total "
        "linetotal lineamount value turnover betrageur nettoeur umsatzeur extendedprice gesamt "
        "summe salesamount",
    ),
    _field(
        "quantity",
        gettext_noop("Quantity"),
        "number",
        "menge anzahl stueck stueckzahl qty units mge quantitysold",
    ),
    _field(
        "price",
        gettext_noop("Unit price"),
        "money",
        "einzelpreis preis stueckpreis epreis unitprice vkpreis verkaufspreis ep vk nettopreis",
    ),
    _field(
        "document",
        gettext_noop("Document number"),
        "text",
        "belegnummer belegnr fakturanummer faktura bonnummer bonnr bon rechnungsnummer "
        "rechnungsnr rechnung beleg invoice invoiceno invoicenumber invoiceid ordernumber "
        "orderid orderno order auftragsnummer auftrag auftragsnr documentno bestellnummer "
        "vorgang transactionid receipt",
    ),
    _field(
        "line",
        gettext_noop("Line of the document"),
        "number",
        "position pos posnr positionsnummer zeile lineno linenumber belegposition",
    ),
    _field("product", gettext_noop("Product number"), "text", _PRODUCT),
    _field("product_name", gettext_noop("Product"), "text", _PRODUCT_NAME),
    _field("category", gettext_noop("Category"), "text", _CATEGORY),
    _field(
        "kind",
        gettext_noop("Kind of entry"),
        "text",
        "buchungsart belegart art vorgangsart sollhabenkennzeichen sollhaben type "
        "transactiontype documenttype",
    ),
    _field(
        "discount_percent",
        gettext_noop("Discount in %"),
        "share",
        "rabatt% rabattprozent rabattinprozent discount% discountpercent rabattsatz",
    ),
    _field(
        "discount",
        gettext_noop("Discount"),
        "money",
        "rabatt rabattbetrag nachlass discountamount preisnachlass",
    ),
    _field(
        "unit_cost",
        gettext_noop("Unit cost"),
        "money",
        "einstandspreis ekpreis einkaufspreis ek unitcost costprice herstellkosten selbstkosten "
        "costperunit stueckkosten",
    ),
    _field(
        "cost",
        gettext_noop("Cost of the line"),
        "money",
        "wareneinsatz einstandswert cogs kosten linecost einstand costofgoods",
    ),
    _field("currency", gettext_noop("Currency"), "text", "waehrung whg currencycode belegwaehrung"),
    _field("rate", gettext_noop("Exchange rate"), "number", "kurs wechselkurs exchangerate fxrate"),
    *_PLACE,
    _field("representative", gettext_noop("Representative"), "text", _REPRESENTATIVE),
    _field(
        "channel", gettext_noop("Channel"), "text", "kanal vertriebskanal vertriebsweg saleschannel"
    ),
)

CUSTOMERS = (
    _field("customer", gettext_noop("Customer number"), "text", _CUSTOMER + " nummer nr number id"),
    _field("customer_name", gettext_noop("Customer's name"), "text", _CUSTOMER_NAME),
    _field("kind", gettext_noop("Company or person"), "text", "kundenart kundentyp art typ type"),
    _field(
        "link",
        gettext_noop("Link of the chain"),
        "text",
        "handelsstufe kettenglied stufe rolle kundengruppe role tier",
    ),
    _field("trade", gettext_noop("Trade"), "text", "branche gewerbe industry sector gewerk"),
    *_PLACE,
    _field(
        "street", gettext_noop("Street"), "text", "strasse anschrift adresse address strassehausnr"
    ),
    _field(
        "contact",
        gettext_noop("Contact"),
        "text",
        "ansprechpartner kontakt contactname contactperson",
    ),
    _field("email", gettext_noop("Mail address"), "text", "mail emailadresse mailadresse"),
    _field(
        "phone",
        gettext_noop("Phone"),
        "text",
        "telefon tel telefonnummer telefonnr mobil phonenumber",
    ),
    _field(
        "function",
        gettext_noop("Contact's function"),
        "text",
        "funktion position stellung jobtitle ansprechpartnerfunktion",
    ),
    _field(
        "contact_role",
        gettext_noop("Contact's part in the decision"),
        "text",
        "rolleimbuyingcenter buyingcenter buyingcenterrolle kaufrolle entscheiderrolle buyingrole",
    ),
    _field(
        "salutation", gettext_noop("Salutation"), "text", "anrede briefanrede grussformel greeting"
    ),
    _field("language", gettext_noop("Language"), "text", "sprache korrespondenzsprache sprachcode"),
    _field(
        "objection",
        gettext_noop("No advertising"),
        "text",
        "werbesperre werbewiderspruch kontaktsperre keinewerbung optout noadvertising donotcontact",
    ),
    _field(
        "mention",
        gettext_noop("What to mention"),
        "text",
        "erwaehnen besonderheiten ansprechpartnernotiz kontaktnotiz persoenliches",
    ),
    _field("representative", gettext_noop("Representative"), "text", _REPRESENTATIVE),
    _field(
        "supplied_by",
        gettext_noop("Supplied by (dealer's number)"),
        "text",
        "haendler haendlernummer beliefertvon lieferant dealer suppliedby",
    ),
    _field(
        "since",
        gettext_noop("Customer since"),
        "date",
        "kundeseit seit anlagedatum customersince created",
    ),
    _field("channel", gettext_noop("Channel"), "text", "kanal herkunft vertriebskanal"),
    _field(
        "vat_id",
        gettext_noop("VAT id"),
        "text",
        "ustid ustidnr umsatzsteuerid umsatzsteueridentnummer umsatzsteueridentifikationsnummer "
        "ustident vatid vatno vatnumber vatregno vat uid uidnummer",
    ),
)

PRODUCTS = (
    _field("product", gettext_noop("Product number"), "text", _PRODUCT + " nummer nr number id"),
    _field("product_name", gettext_noop("Product"), "text", _PRODUCT_NAME + " name"),
    _field("category", gettext_noop("Category"), "text", _CATEGORY),
    _field(
        "unit_cost",
        gettext_noop("Unit cost"),
        "money",
        "einstandspreis ekpreis einkaufspreis ek cost costprice herstellkosten selbstkosten kosten "
        "stueckkosten",
    ),
    _field(
        "valid_from",
        gettext_noop("Valid from"),
        "date",
        "gueltigab gueltigvon ab von from since gueltigseit",
    ),
    _field(
        "category_margin",
        gettext_noop("Margin of the category"),
        "share",
        "marge spanne margin rohertrag marge% spanne% warengruppenmarge",
    ),
)

ACTIVITIES = (
    _field("customer", gettext_noop("Customer number"), "text", _CUSTOMER + " kunde customer"),
    _field("date", gettext_noop("Date"), "date", "datum day tag erledigtam"),
    _field(
        "activity",
        gettext_noop("Activity"),
        "text",
        "taetigkeit taetigkeitsart aktivitaet activitytype aktivitaetsart",
    ),
    _field("minutes", gettext_noop("Minutes"), "number", "minuten dauer zeit duration"),
    _field("drivers", gettext_noop("Drivers"), "text", "treiber kostentreiber"),
    _field(
        "document",
        gettext_noop("Document number"),
        "text",
        "belegnummer belegnr beleg vorgang vorgangsnummer id nummer nr",
    ),
    _LINE,
)

PAYMENTS = (
    _field("customer", gettext_noop("Customer number"), "text", _CUSTOMER + " kunde customer"),
    _field("document", gettext_noop("Document number"), "text",
           "rechnungsnummer rechnungsnr rechnung belegnummer belegnr beleg fakturanummer invoice "
           "invoiceno invoicenumber vorgang"),
    _field("line", gettext_noop("Line of the document"), "number",
           "position pos rate teilbetragnr"),
    _field(
        "due", gettext_noop("Due"), "date",
        "faellig faelligam faelligkeit faelligkeitsdatum zahlbarbis nettofaelligkeit duedate "
        "dueon paymentdue",
    ),
    _field("paid", gettext_noop("Paid"), "date",
           "bezahlt bezahltam zahlungseingang zahldatum zahlungsdatum ausgleich ausgleichsdatum "
           "paidon paymentdate datepaid"),
    _field("amount", gettext_noop("Amount"), "money",
           "betrag rechnungsbetrag bruttobetrag brutto offenerbetrag offen forderung zahlbetrag "
           "total invoiceamount openamount summe"),
)  # fmt: skip

INTERACTIONS = (
    _field("customer", gettext_noop("Customer number"), "text", _CUSTOMER + " kunde customer"),
    _field("date", gettext_noop("Date"), "date", "datum day tag am kontaktdatum"),
    _field("kind", gettext_noop("Kind"), "text",
           "kontaktart interaktion interaktionsart interaction interactiontype kontaktform "
           "vorgangsart art typ type"),
    _field("minutes", gettext_noop("Minutes"), "number", "minuten dauer zeit duration"),
    _field("direction", gettext_noop("Direction"), "text", "richtung"),
    _field("reached", gettext_noop("Reached"), "text", "erreicht"),
    _field("note", gettext_noop("Note"), "text",
           "notiz gespraechsnotiz besuchsbericht bemerkung kommentar text inhalt betreff"),
    _field("author", gettext_noop("Recorded by"), "text",
           "mitarbeiter bearbeiter erfasstvon vertreter"),
    _field("document", gettext_noop("Document number"), "text",
           "belegnummer belegnr beleg vorgang vorgangsnummer id nummer nr"),
    _LINE,
)  # fmt: skip

SELL_THROUGH = (
    _field("dealer", gettext_noop("Dealer's number"), "text",
           "haendler haendlernummer haendlernr haendlerkundennummer dealerid dealernumber reseller "
           "partner partnernummer grosshaendler"),
    _field("end_customer", gettext_noop("End customer's number"), "text",
           "endkundennummer endkundennr endkundenr endcustomerid endcustomernumber endkundeid"),
    _field("end_name", gettext_noop("End customer's name"), "text",
           "endkunde endkundenname endcustomer endcustomername enduser verkauftan soldto"),
    _field("first_day", gettext_noop("From"), "date",
           "von ab periodevon zeitraumvon beginn monat periode from periodfrom month datum date"),
    _field("last_day", gettext_noop("Until"), "date",
           "bis periodebis zeitraumbis ende to until periodto periodend"),
    _field("amount", gettext_noop("Amount"), "money",
           "betrag umsatz nettobetrag abverkauf abverkaufswert wert sellthrough sellout sales"),
    _field("quantity", gettext_noop("Quantity"), "number",
           "menge anzahl stueck stueckzahl qty units abverkaufsmenge"),
    _field("document", gettext_noop("Document number"), "text",
           "belegnummer belegnr beleg meldung meldungsnummer reportno report id nummer nr"),
    _field("line", gettext_noop("Line of the document"), "number", "position pos zeile"),
)  # fmt: skip
SPENDING = (
    _field("channel", gettext_noop("Channel"), "text",
           "kanal werbekanal vertriebskanal herkunft marketingkanal medium"),
    _field("date", gettext_noop("Date"), "date",
           "datum day tag monat month belegdatum rechnungsdatum buchungsdatum"),
    _field("campaign", gettext_noop("Campaign"), "text", "kampagne aktion werbeaktion"),
    _field("amount", gettext_noop("Amount"), "money",
           "betrag kosten ausgabe ausgaben aufwand nettobetrag netto cost spend spending"),
    _field("hours", gettext_noop("Hours"), "number", "stunden std arbeitsstunden zeitaufwand"),
    _field("pool", gettext_noop("Pool"), "text", "kostenpool team abteilung wessenstunden"),
    _field("what", gettext_noop("What for"), "text",
           "wofuer zweck text bezeichnung beschreibung verwendungszweck note description"),
    _field("document", gettext_noop("Document number"), "text",
           "belegnummer belegnr beleg rechnungsnummer rechnungsnr invoice nummer nr id"),
    _LINE,
)  # fmt: skip

TOUCHES = (
    _field("customer", gettext_noop("Customer number"), "text", _CUSTOMER + " kunde customer"),
    _field("date", gettext_noop("Date"), "date",
           "datum day tag am kontaktdatum erreichtam reachedon"),
    _field("channel", gettext_noop("Channel"), "text",
           "kanal werbekanal vertriebskanal marketingkanal medium"),
    _field("campaign", gettext_noop("Campaign"), "text", "kampagne aktion werbeaktion"),
    _field("kind", gettext_noop("Kind"), "text", "art typ type touchoderherkunft"),
)  # fmt: skip

FIELDS: dict[str, tuple[Field, ...]] = {
    "sales": SALES,
    "customers": CUSTOMERS,
    "products": PRODUCTS,
    "activities": ACTIVITIES,
    "payments": PAYMENTS,
    "interactions": INTERACTIONS,
    "sell_through": SELL_THROUGH,
    "spending": SPENDING,
    "touches": TOUCHES,
}


def field(kind: str, name: str) -> Field | None:
    return next((each for each in FIELDS[kind] if each.name == name), None)

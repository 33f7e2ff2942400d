"""Names for an invented company. Nobody of these names is meant."""

from __future__ import annotations

SURNAMES = (  # noqa: SIM905
    "Ahornberg Birkenau Distelkamp Eichwald Falkenried Ginsterfeld Haselbrink Immergrün Jasminberg "
    "Kornblum Lindenthal Mohnacker Nussbach Ohlendiek Pappelhof Quittenbaum Rosenstiel Schlehdorn "
    "Tannhof Ulmenhorst Veilchenau Weidengrund Ysopfeld Zederholz Amselgrund Buchfink Drosselweg "
    "Elsternest Finkenwerd Gimpelmoor Habichtswald Ibisberg Kranichfeld Lerchenau Meisenthal "
    "Nachtigall Pirolheim Rotkehl Sperlingshof Turmfalk"
).split()
FIRST_NAMES = (  # noqa: SIM905
    "Alma Bruno Carla Detlef Edda Fritz Gesa Hanno Ida Jost Karla Lutz Marta Nils Olga Paul Rieke "
    "Sönke Thea Uwe Vera Wim Yara Zeno"
).split()
TRADES = (
    ("Sanitär", "Sanitär & Heizung", 0.24),
    ("Tischlerei", "Tischlerei", 0.18),
    ("Metallbau", "Metallbau", 0.15),
    ("Elektro", "Elektrotechnik", 0.13),
    ("Dachtechnik", "Dachdeckerei", 0.10),
    ("Haustechnik", "Haustechnik", 0.12),
    ("Salon", "Friseursalon", 0.08),
)
DEALER_WORDS = ("Werkzeug-Kontor", "Eisenhandel", "Fachhandel", "Baubedarf", "Handels")
FORMS = ("GmbH", "GmbH & Co. KG", "KG", "e. K.", "OHG")
# Invented places with postcodes of ranges that no town has.
PLACES = (
    ("00101", "Oberlindenau", "Nord"),
    ("00145", "Birkenmoor", "Nord"),
    ("00212", "Hafenrode", "Nord"),
    ("00318", "Mühlbrück", "Mitte"),
    ("00377", "Kesselstadt", "Mitte"),
    ("00420", "Auenfurt", "Mitte"),
    ("00511", "Steinhagenau", "West"),
    ("00583", "Rheinwarden", "West"),
    ("00640", "Talheimbach", "Süd"),
    ("00722", "Almried", "Süd"),
    ("00799", "Seekirchen-Au", "Süd"),
)
CATEGORIES = (
    # name, products, price from–to, share left after the goods
    ("Schrauben & Dübel", 22, 4.0, 40.0, 0.46),
    ("Handwerkzeug", 18, 9.0, 90.0, 0.36),
    ("Elektrowerkzeug", 14, 60.0, 480.0, 0.24),
    ("Armaturen", 16, 18.0, 240.0, 0.33),
    ("Rohr & Fitting", 18, 3.0, 60.0, 0.35),
    ("Arbeitsschutz", 14, 5.0, 120.0, 0.42),
    ("Chemie & Dichtstoff", 14, 4.0, 38.0, 0.44),
    ("Salonbedarf", 10, 6.0, 85.0, 0.40),
)
ARTICLES = ("Standard", "Profi", "Kompakt", "Plus", "Basis", "Extra")
CHANNELS = (
    ("Werbung an Zielgruppe", 0.30),
    ("Partnerbetrieb", 0.25),
    ("Persönlicher Kontakt", 0.28),
    ("Weiterempfehlung", 0.17),
)
CALL_NOTES = (
    "Rückfrage zur Lieferzeit beantwortet.",
    "Angebot durchgesprochen.",
    "Bestellung telefonisch aufgenommen.",
    "Nach dem Stand der Baustelle gefragt.",
    "Technische Frage geklärt.",
)
VISIT_NOTES = (
    "Besuch in der Werkstatt, Musterkoffer gezeigt.",
    "Jahresgespräch geführt.",
    "Lagerbestand gemeinsam durchgesehen.",
    "Neues Sortiment vorgestellt.",
)
COMPLAINTS = (
    ("falsche Länge geliefert", "Lager"),
    ("Ware beschädigt", "Versand"),
    ("Lieferung zu spät", "Versand"),
    ("Rechnung fehlerhaft", "Buchhaltung"),
    ("Gerät nach kurzer Zeit defekt", "Produkt"),
)

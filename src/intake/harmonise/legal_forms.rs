//! Legal forms, as they are written where they exist.

/// A legal form.
pub(super) struct LegalForm {
    /// Its words in small letters without punctuation and spaces, long ones short.
    pub(super) key: &'static str,
    /// As it is written.
    pub(super) shown: &'static str,
    /// Where it exists, ISO 3166-1 alpha-2; [`ANYWHERE`] where nothing else is written so.
    countries: &'static str,
}

/// No other word of a name is written like this form.
const ANYWHERE: &str = "*";

const fn form(key: &'static str, shown: &'static str, countries: &'static str) -> LegalForm {
    LegalForm { key, shown, countries }
}

impl LegalForm {
    /// Whether the form is one of that country's, or nothing else anywhere.
    pub(super) fn is_of(&self, country: &str) -> bool {
        self.countries == ANYWHERE || (country.len() == 2 && self.countries.contains(country))
    }

    /// A country where it exists.
    #[cfg(test)]
    pub(super) fn home(&self) -> &'static str {
        self.countries.split(' ').next().unwrap_or_default()
    }
}

/// The member states of the European Union: the European company is of all of them.
const UNION: &str =
    "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE";

/// In order of their keys; a key that several countries write in their own way stands several times.
#[rustfmt::skip]
pub(super) static LEGAL_FORMS: [LegalForm; 146] = [
    form("ab", "AB", "SE FI"),
    form("ab", "AB", "LT"),
    form("ad", "a.d.", "RS ME"),
    form("ad", "AD", "BG MK"),
    form("ag", "AG", "DE AT CH LI LU"),
    form("ag&cokg", "AG & Co. KG", ANYWHERE),
    form("akciováspolečnost", "a.s.", ANYWHERE),
    form("aktiebolag", "AB", ANYWHERE),
    form("aktiengesellschaft", "AG", ANYWHERE),
    form("aktieselskab", "A/S", ANYWHERE),
    form("anonimşti", "A.Ş.", ANYWHERE),
    form("anpartsselskab", "ApS", ANYWHERE),
    form("ans", "ANS", "NO"),
    form("ao", "AO", "RU"),
    form("aps", "ApS", "DK"),
    form("as", "A/S", "DK"),
    form("as", "AS", "NO EE LV"),
    form("as", "a.s.", "CZ SK"),
    form("as", "A.S.", "TR"),
    form("asa", "ASA", "NO"),
    form("aş", "A.Ş.", "TR"),
    form("beslotenvennootschap", "B.V.", ANYWHERE),
    form("bhd", "Bhd", "MY"),
    form("bt", "Bt", "HU"),
    form("bv", "B.V.", "NL BE"),
    form("bvba", "BVBA", ANYWHERE),
    form("co", "Co", ANYWHERE),
    form("coinc", "Co Inc", ANYWHERE),
    form("cokg", "Co. KG", ANYWHERE),
    form("collc", "Co LLC", ANYWHERE),
    form("coltd", "Co Ltd", ANYWHERE),
    form("corp", "Corp", ANYWHERE),
    form("cv", "C.V.", "NL"),
    form("da", "DA", "NO"),
    form("dd", "d.d.", "HR SI BA"),
    form("doo", "d.o.o.", "HR SI RS BA ME MK"),
    form("ead", "EAD", "BG"),
    form("eg", "eG", "DE"),
    form("ehf", "ehf.", "IS"),
    form("eingetragenerverein", "e.V.", ANYWHERE),
    form("eirl", "EIRL", ANYWHERE),
    form("ek", "e.K.", "DE"),
    form("eood", "EOOD", "BG"),
    form("eurl", "EURL", ANYWHERE),
    form("ev", "e.V.", "DE"),
    form("gbr", "GbR", "DE"),
    form("gesellschaftmitbeschränkterhaftung", "GmbH", ANYWHERE),
    form("ggmbh", "gGmbH", ANYWHERE),
    form("gmbh", "GmbH", ANYWHERE),
    form("gmbh&cokg", "GmbH & Co. KG", ANYWHERE),
    form("gmbh&cokgaa", "GmbH & Co. KGaA", ANYWHERE),
    form("hb", "HB", "SE"),
    form("hf", "hf.", "IS"),
    form("inc", "Inc", ANYWHERE),
    form("is", "I/S", "DK"),
    form("ivs", "IVS", "DK"),
    form("jdoo", "j.d.o.o.", ANYWHERE),
    form("kb", "KB", "SE"),
    form("kft", "Kft", ANYWHERE),
    form("kg", "KG", "DE AT"),
    form("kgaa", "KGaA", ANYWHERE),
    form("kk", "K.K.", "JP"),
    form("ks", "k.s.", "CZ SK"),
    form("ks", "K/S", "DK"),
    form("ky", "Ky", "FI"),
    form("lda", "Lda", "PT AO MZ"),
    form("llc", "LLC", ANYWHERE),
    form("llp", "LLP", ANYWHERE),
    form("lp", "LP", "US CA GB IE"),
    form("ltd", "Ltd", ANYWHERE),
    form("ltd&cokg", "Ltd & Co. KG", ANYWHERE),
    form("ltda", "Ltda", ANYWHERE),
    form("ltdliabilityco", "LLC", ANYWHERE),
    form("ltdşti", "Ltd. Şti.", ANYWHERE),
    form("mbh", "mbH", ANYWHERE),
    form("mtü", "MTÜ", "EE"),
    form("naamlozevennootschap", "N.V.", ANYWHERE),
    form("nv", "N.V.", "NL BE SR CW AW SX"),
    form("nyrt", "Nyrt", ANYWHERE),
    form("ohg", "OHG", ANYWHERE),
    form("ood", "OOD", "BG"),
    form("ooo", "OOO", "RU"),
    form("ops", "o.p.s.", "CZ"),
    form("osakeyhtiö", "Oy", ANYWHERE),
    form("osaühing", "OÜ", ANYWHERE),
    form("oy", "Oy", "FI"),
    form("oyab", "Oy Ab", ANYWHERE),
    form("oyj", "Oyj", ANYWHERE),
    form("oü", "OÜ", "EE"),
    form("plc", "plc", ANYWHERE),
    form("pllc", "PLLC", ANYWHERE),
    form("ps", "P/S", "DK"),
    form("pteltd", "Pte Ltd", ANYWHERE),
    form("ptyltd", "Pty Ltd", ANYWHERE),
    form("publicltdco", "plc", ANYWHERE),
    form("pvtltd", "Pvt Ltd", ANYWHERE),
    form(
        "sa",
        "S.A.",
        "FR BE CH LU MC ES PT BR PL RO GR AR BO CL CO CR DO EC GT HN MX NI PA PE PY SV UY VE AO MZ",
    ),
    form("sadecv", "S.A. de C.V.", ANYWHERE),
    form("sapidecv", "S.A.P.I. de C.V.", ANYWHERE),
    form("sarl", "SARL", ANYWHERE),
    form("sas", "SAS", "FR"),
    form("sas", "S.A.S.", "CO AR"),
    form("sas", "S.a.s.", "IT"),
    form("sasu", "SASU", ANYWHERE),
    form("sca", "SCA", "FR BE LU"),
    form("sci", "SCI", "FR"),
    form("sdnbhd", "Sdn Bhd", ANYWHERE),
    form("se", "SE", UNION),
    form("se&cokg", "SE & Co. KG", ANYWHERE),
    form("se&cokgaa", "SE & Co. KGaA", ANYWHERE),
    form("sia", "SIA", "LV"),
    form("sl", "S.L.", "ES"),
    form("slu", "S.L.U.", "ES"),
    form("snc", "S.n.c.", "IT"),
    form("snc", "SNC", "FR BE"),
    form("sociedadanónima", "S.A.", ANYWHERE),
    form("societàperazioni", "S.p.A.", ANYWHERE),
    form("sociétéanonyme", "S.A.", ANYWHERE),
    form("spa", "S.p.A.", "IT"),
    form("spa", "SpA", "CL"),
    form("spj", "sp.j.", "PL"),
    form("spjawna", "sp.j.", ANYWHERE),
    form("spk", "sp.k.", "PL"),
    form("spolsro", "spol. s r.o.", ANYWHERE),
    form("spp", "sp.p.", "PL"),
    form("spzoo", "sp. z o.o.", ANYWHERE),
    form("spzoospk", "sp. z o.o. sp.k.", ANYWHERE),
    form("spółkaakcyjna", "S.A.", ANYWHERE),
    form("spółkazograniczonąodpowiedzialnością", "sp. z o.o.", ANYWHERE),
    form("srl", "S.r.l.", "IT SM"),
    form("srl", "S.R.L.", "RO MD AR BO CR DO PE PY UY"),
    form("srl", "SRL", "BE"),
    form("sro", "s.r.o.", "CZ SK"),
    form("sàrl", "Sàrl", "CH FR"),
    form("sàrl", "S.à r.l.", "LU"),
    form("tmi", "Tmi", "FI"),
    form("uab", "UAB", "LT"),
    form("ug", "UG", "DE"),
    form("ug&cokg", "UG & Co. KG", ANYWHERE),
    form("vof", "V.O.F.", "NL"),
    form("vos", "v.o.s.", "CZ SK"),
    form("všį", "VšĮ", "LT"),
    form("zrt", "Zrt", ANYWHERE),
    form("zs", "z.s.", "CZ"),
    form("ооо", "ООО", "RU"),
    form("&co", "& Co", ANYWHERE),
];

/// Words of a legal form that are written in full or short.
pub(super) const WORDS: [(&str, &str); 14] = [
    ("limited", "ltd"),
    ("incorporated", "inc"),
    ("corporation", "corp"),
    ("company", "co"),
    ("private", "pvt"),
    ("proprietary", "pty"),
    ("and", "&"),
    ("und", "&"),
    ("et", "&"),
    ("+", "&"),
    ("haftungsbeschränkt", ""),
    ("cie", "co"),
    ("compagnie", "co"),
    ("şirketi", "şti"),
];

/// Where forms stand in front of the name: `UAB "Rūta"`, `SIA Rīga`, ISO 3166-1 alpha-2.
pub(super) const IN_FRONT: [&str; 6] = ["LT", "LV", "EE", "RU", "BG", "FI"];

//! Names, most frequent first, written down from general knowledge; and how people vary them.

use super::dice::{Dice, Skewed};

/// Where a person's name comes from. Countries mix them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    English,
    German,
    French,
    Spanish,
    Italian,
    Dutch,
    Polish,
    Indian,
}

/// Every list, ready to pick from.
pub(super) struct Names {
    english_given: [[Skewed; 3]; 2],
    english_family: Skewed,
    compound_first: Skewed,
    compound_last: Skewed,
    others: Vec<(Origin, [Skewed; 2], Skewed)>,
}

impl Names {
    /// Prepares the lists.
    pub fn new() -> Names {
        let others = OTHERS.iter().map(|(origin, female, male, family)| {
            (*origin, [Skewed::new(female), Skewed::new(male)], Skewed::new(family))
        });
        Names {
            english_given: [FEMALE.map(Skewed::new), MALE.map(Skewed::new)],
            english_family: Skewed::new(FAMILY),
            compound_first: Skewed::new(COMPOUND_FIRST),
            compound_last: Skewed::new(COMPOUND_LAST),
            others: others.collect(),
        }
    }

    /// A given name of someone born in `year`.
    pub fn given(&self, origin: Origin, is_male: bool, year: u32, dice: &mut Dice) -> String {
        let generation = match year {
            0..1960 => 0,
            1960..1988 => 1,
            _ => 2,
        };
        let sex = usize::from(is_male);
        let list = self
            .others
            .iter()
            .find(|(other, ..)| *other == origin)
            .map_or(&self.english_given[sex][generation], |(_, given, _)| &given[sex]);
        list.pick(dice).to_owned()
    }

    /// A family name.
    pub fn family(&self, origin: Origin, dice: &mut Dice) -> String {
        match self.others.iter().find(|(other, ..)| *other == origin) {
            Some((_, _, family)) => family.pick(dice).to_owned(),
            // The long tail of rare names that no list holds.
            None if dice.chance(300) => {
                let first = self.compound_first.pick(dice);
                format!("{first}{}", self.compound_last.pick(dice))
            }
            None => self.english_family.pick(dice).to_owned(),
        }
    }
}

/// A short form of a given name, where one is usual.
pub(super) fn nickname(given: &str, dice: &mut Dice) -> Option<&'static str> {
    let (_, forms) = NICKNAMES.iter().find(|(name, _)| *name == given)?;
    Some(dice.pick(forms))
}

const NICKNAMES: [(&str, &[&str]); 56] = [
    ("Thomas", &["Tom", "Tommy"]),
    ("William", &["Bill", "Will", "Billy"]),
    ("Robert", &["Bob", "Rob", "Bobby"]),
    ("Richard", &["Rick", "Dick", "Rich"]),
    ("James", &["Jim", "Jimmy"]),
    ("John", &["Jack", "Johnny"]),
    ("Michael", &["Mike", "Mick"]),
    ("Joseph", &["Joe"]),
    ("Charles", &["Charlie", "Chuck"]),
    ("Christopher", &["Chris"]),
    ("Daniel", &["Dan", "Danny"]),
    ("Matthew", &["Matt"]),
    ("Anthony", &["Tony"]),
    ("Steven", &["Steve"]),
    ("Andrew", &["Andy", "Drew"]),
    ("Kenneth", &["Ken"]),
    ("Edward", &["Ed", "Ted"]),
    ("Timothy", &["Tim"]),
    ("Jeffrey", &["Jeff"]),
    ("Gregory", &["Greg"]),
    ("Benjamin", &["Ben"]),
    ("Samuel", &["Sam"]),
    ("Alexander", &["Alex", "Sasha"]),
    ("Patrick", &["Pat"]),
    ("Nicholas", &["Nick"]),
    ("Jonathan", &["Jon"]),
    ("Frederick", &["Fred"]),
    ("Lawrence", &["Larry"]),
    ("Elizabeth", &["Liz", "Beth", "Betty"]),
    ("Margaret", &["Peggy", "Maggie"]),
    ("Patricia", &["Pat", "Trish"]),
    ("Jennifer", &["Jen", "Jenny"]),
    ("Katherine", &["Kate", "Kathy"]),
    ("Susan", &["Sue"]),
    ("Deborah", &["Debbie"]),
    ("Barbara", &["Barb"]),
    ("Jessica", &["Jess"]),
    ("Rebecca", &["Becky"]),
    ("Kimberly", &["Kim"]),
    ("Amanda", &["Mandy"]),
    ("Victoria", &["Vicky", "Tori"]),
    ("Samantha", &["Sam"]),
    ("Christine", &["Chris", "Tina"]),
    ("Abigail", &["Abby"]),
    ("Dorothy", &["Dot", "Dottie"]),
    ("Sandra", &["Sandy"]),
    ("Pamela", &["Pam"]),
    ("Judith", &["Judy"]),
    ("Johannes", &["Hannes"]),
    ("Katharina", &["Kathi"]),
    ("Francisco", &["Paco"]),
    ("José", &["Pepe"]),
    ("Guadalupe", &["Lupe"]),
    ("Giuseppe", &["Beppe"]),
    ("Katarzyna", &["Kasia"]),
    ("Małgorzata", &["Gosia"]),
];

const FEMALE: [&str; 3] = [
    "Mary, Patricia, Barbara, Linda, Margaret, Dorothy, Elizabeth, Betty, Carol, Nancy, Shirley, Judith, \
     Sandra, Sharon, Ruth, Helen, Joan, Virginia, Joyce, Marilyn, Donna, Beverly, Frances, Alice, Jean, \
     Gloria, Janet, Martha, Doris, Rose, Evelyn, Phyllis, Louise, Norma, Marjorie, Lois, Irene, Eleanor, \
     Edith, Mildred, Florence, Lucille, Geraldine, Hazel, Sylvia, Thelma, Audrey, Josephine",
    "Jennifer, Lisa, Kimberly, Michelle, Amy, Angela, Melissa, Mary, Tammy, Karen, Susan, Laura, Julie, \
     Elizabeth, Stephanie, Jessica, Christine, Amanda, Rebecca, Heather, Nicole, Deborah, Cynthia, Pamela, \
     Tracy, Dawn, Tina, Teresa, Denise, Andrea, Katherine, Rachel, Sarah, Christina, Wendy, Monica, Tanya, \
     Stacy, Veronica, Erin, April, Crystal, Danielle, Tara, Gina, Renee, Vanessa, Regina, Yolanda, Kristen",
    "Emily, Jessica, Ashley, Sarah, Samantha, Taylor, Hannah, Olivia, Emma, Madison, Abigail, Isabella, \
     Victoria, Elizabeth, Lauren, Alexis, Kayla, Grace, Rachel, Megan, Alyssa, Brianna, Chloe, Natalie, \
     Sophia, Amber, Haley, Morgan, Jasmine, Courtney, Brooke, Ava, Zoe, Ella, Lily, Paige, Kaitlyn, Savannah, \
     Destiny, Audrey, Claire, Autumn, Maya, Leah, Faith, Sierra, Caroline, Gabrielle, Naomi, Ruby",
];

const MALE: [&str; 3] = [
    "James, Robert, John, William, Richard, Charles, Donald, George, Thomas, Joseph, David, Edward, Ronald, \
     Paul, Kenneth, Frank, Raymond, Jack, Harold, Billy, Gerald, Walter, Jerry, Joe, Eugene, Henry, Ralph, \
     Carl, Arthur, Lawrence, Albert, Willie, Roger, Larry, Harry, Roy, Fred, Wayne, Ernest, Louis, Howard, \
     Norman, Clarence, Leonard, Stanley, Earl, Francis, Herbert, Melvin, Alvin",
    "Michael, David, John, James, Robert, Christopher, William, Mark, Brian, Jeffrey, Jason, Kevin, Steven, \
     Richard, Scott, Thomas, Matthew, Eric, Timothy, Joseph, Daniel, Anthony, Charles, Kenneth, Paul, Gregory, \
     Andrew, Stephen, Joshua, Ronald, Patrick, Edward, Sean, Todd, Keith, Chad, Craig, Douglas, Derek, Shawn, \
     Jonathan, Benjamin, Peter, Bryan, Nathan, Marcus, Travis, Shane, Dale, Corey",
    "Michael, Jacob, Matthew, Joshua, Christopher, Nicholas, Andrew, Daniel, Tyler, Joseph, Brandon, Ryan, \
     Anthony, William, John, Alexander, James, Ethan, Noah, Austin, Logan, Liam, Benjamin, Samuel, Zachary, \
     Justin, Dylan, Nathan, Christian, Mason, Jordan, Elijah, Caleb, Evan, Jack, Luke, Isaac, Gavin, Hunter, \
     Cameron, Connor, Aaron, Owen, Lucas, Julian, Wyatt, Devin, Theo, Oscar, Miles",
];

const FAMILY: &str = "Smith, Johnson, Williams, Brown, Jones, Miller, Davis, Wilson, Anderson, Taylor, Thomas, Moore, \
     Jackson, Martin, Lee, Thompson, White, Harris, Clark, Lewis, Robinson, Walker, Young, Allen, King, Wright, \
     Scott, Hill, Green, Adams, Nelson, Baker, Hall, Campbell, Mitchell, Carter, Roberts, Phillips, Evans, Turner, \
     Parker, Edwards, Collins, Stewart, Morris, Murphy, Cook, Rogers, Morgan, Cooper, Peterson, Reed, Bailey, Bell, \
     Kelly, Howard, Ward, Cox, Richardson, Wood, Watson, Brooks, Bennett, Gray, James, Hughes, Price, Myers, Long, \
     Foster, Sanders, Ross, Powell, Sullivan, Russell, Jenkins, Perry, Butler, Barnes, Fisher, Henderson, Coleman, \
     Simmons, Patterson, Jordan, Reynolds, Hamilton, Graham, Wallace, Cole, West, Owens, Gibson, Ellis, Marshall, \
     McDonald, Harrison, Washington, Kennedy, Wells, Henry, Freeman, Webb, Tucker, Burns, Crawford, Porter, Hunter, \
     Hicks, Boyd, Mason, Warren, Dixon, Hunt, Black, Palmer, Wagner, Robertson, Knight, Nichols, Grant, Stone, \
     Hawkins, Dunn, Perkins, Hudson, Spencer, Gardner, Payne, Pierce, Berry, Matthews, Arnold, Willis, Ray, Watkins, \
     Olson, Carroll, Duncan, Snyder, Hart, Cunningham, Lane, Andrews, Harper, Fox, Riley, Armstrong, Weaver, Greene, \
     Elliott, Sims, Austin, Peters, Kelley, Franklin, Lawson, O'Brien, O'Connor, O'Neill, Pace, Okafor, Nguyen, Tran, \
     Kim, Park, Chen, Wong, Patel, Ito, Tanaka, Haddad, Mensah, Novak, Larsen, Lindqvist, Kowalski, Petrov";

const COMPOUND_FIRST: &str = "Ash, Brad, Whit, Hol, Thorn, Black, Wood, Stan, Har, Lang, Wes, Nor, Sut, Clay, Marsh, \
     Green, Fair, Red, Hart, Ains, Brom, Cal, Dun, Ed, Fen, Gar, Hazel, In, Kirk, Lin, Mil, New, Oak, Pem, Quar, Rad, \
     Shel, Tem, Under, Wal, Win, Yar, Al, Bar, Car, Den, El, Far, Gren, Hen";

const COMPOUND_LAST: &str = "ton, ford, ley, wood, worth, field, well, man, by, ham, den, brook, land, wick, more, \
     gate, shaw, bury, dale, combe, stead, croft, ridge, mere, bourne, hurst, thorpe, cote, law, mont";

const OTHERS: [(Origin, &str, &str, &str); 7] = [
    (
        Origin::German,
        "Ursula, Monika, Petra, Sabine, Anna, Julia, Katharina, Andrea, Claudia, Susanne, Birgit, Heike, Karin, Lena, \
         Laura, Martina, Renate, Gabriele, Stefanie, Sandra, Johanna, Jana, Franziska, Käthe, Jutta",
        "Thomas, Michael, Andreas, Peter, Stefan, Christian, Wolfgang, Klaus, Jürgen, Markus, Matthias, Jan, Lukas, \
         Florian, Sebastian, Johannes, Uwe, Dieter, Günther, Tobias, Jörg, Felix, Maximilian, Ralf, Björn",
        "Müller, Schmidt, Schneider, Fischer, Weber, Meyer, Wagner, Becker, Schulz, Hoffmann, Schäfer, Koch, Bauer, \
         Richter, Klein, Wolf, Schröder, Neumann, Schwarz, Zimmermann, Braun, Krüger, Hofmann, Hartmann, Lange, Werner, \
         Krause, Lehmann, Köhler, Maier, König, Huber, Kaiser, Fuchs, Peters, Lang, Scholz, Möller, Weiß, Jung, Hahn, \
         Vogel, Friedrich, Keller, Günther, Frank, Berger, Winkler, Roth, Beck, Lorenz, Baumann, Franke, Böhm",
    ),
    (
        Origin::French,
        "Marie, Nathalie, Isabelle, Sylvie, Catherine, Françoise, Valérie, Camille, Léa, Chloé, Sophie, Émilie, Céline, \
         Julie, Hélène, Aurélie, Manon, Élodie, Brigitte, Monique, Inès, Jade",
        "Jean, Pierre, Michel, Philippe, Alain, Nicolas, Christophe, Laurent, Julien, François, Antoine, Thomas, \
         Sébastien, Frédéric, Hugo, Lucas, Jérôme, Stéphane, Rémi, Benoît, Mathis, Théo",
        "Martin, Bernard, Thomas, Petit, Robert, Richard, Durand, Dubois, Moreau, Laurent, Simon, Michel, Lefèvre, Leroy, \
         Roux, David, Bertrand, Morel, Fournier, Girard, Bonnet, Dupont, Lambert, Fontaine, Rousseau, Vincent, Müller, \
         Mercier, Blanc, Guérin, Boyer, Garnier, Chevalier, François, Legrand, Gauthier, Perrin, Clément, Morin, Mathieu",
    ),
    (
        Origin::Spanish,
        "María, Carmen, Ana, Guadalupe, Rosa, Isabel, Lucía, Sofía, Elena, Marta, Patricia, Laura, Cristina, Pilar, \
         Teresa, Alejandra, Daniela, Gabriela, Valeria, Ximena, Paula, Andrea",
        "José, Juan, Luis, Carlos, Jesús, Miguel, Antonio, Francisco, Javier, Manuel, Alejandro, Jorge, Pedro, Diego, \
         Rafael, Fernando, Ricardo, Eduardo, Sergio, Raúl, Andrés, Óscar",
        "García, Rodríguez, Martínez, Hernández, López, González, Pérez, Sánchez, Ramírez, Torres, Flores, Rivera, Gómez, \
         Díaz, Reyes, Cruz, Morales, Ortiz, Gutiérrez, Chávez, Ramos, Ruiz, Álvarez, Mendoza, Castillo, Vásquez, Jiménez, \
         Moreno, Romero, Herrera, Medina, Aguilar, Garza, Castro, Vargas, Fernández, Guzmán, Muñoz, Salazar, Soto, \
         García López, Pérez Ruiz, de la Cruz, Delgado, Ortega, Núñez",
    ),
    (
        Origin::Italian,
        "Maria, Anna, Giulia, Francesca, Chiara, Sara, Elena, Paola, Lucia, Rosa, Giovanna, Silvia, Martina, Valentina, \
         Federica, Alessia, Caterina, Teresa, Angela, Laura",
        "Giuseppe, Giovanni, Antonio, Marco, Francesco, Luca, Mario, Andrea, Alessandro, Roberto, Paolo, Stefano, Angelo, \
         Vincenzo, Matteo, Lorenzo, Davide, Salvatore, Pietro, Nicolò",
        "Rossi, Russo, Ferrari, Esposito, Bianchi, Romano, Colombo, Ricci, Marino, Greco, Bruno, Gallo, Conti, De Luca, \
         Costa, Giordano, Mancini, Rizzo, Lombardi, Moretti, Barbieri, Fontana, Santoro, Mariani, Rinaldi, Caruso, \
         Ferrara, Galli, Martini, Leone, D'Angelo, Longo, Gentile, Vitale, Di Stefano",
    ),
    (
        Origin::Dutch,
        "Johanna, Maria, Anna, Sanne, Emma, Julia, Lotte, Anouk, Femke, Marieke, Ingrid, Wilma, Petra, Lieke, Eva, Fleur, \
         Roos, Annelies, Sophie, Saskia",
        "Jan, Johannes, Pieter, Cornelis, Willem, Hendrik, Daan, Bram, Sem, Lucas, Thijs, Ruben, Jeroen, Maarten, Bas, \
         Wouter, Sander, Dirk, Gerrit, Koen",
        "de Jong, Jansen, de Vries, van den Berg, van Dijk, Bakker, Janssen, Visser, Smit, Meijer, de Boer, Mulder, \
         de Groot, Bos, Vos, Peters, Hendriks, van Leeuwen, Dekker, Brouwer, de Wit, Dijkstra, Smits, de Graaf, \
         van der Meer, van der Linden, Kok, Jacobs, de Haan, Vermeulen, van den Heuvel, van der Veen, Schouten",
    ),
    (
        Origin::Polish,
        "Anna, Maria, Katarzyna, Małgorzata, Agnieszka, Barbara, Ewa, Magdalena, Elżbieta, Joanna, Aleksandra, Zofia, \
         Monika, Natalia, Karolina, Beata, Dorota, Julia",
        "Piotr, Krzysztof, Andrzej, Tomasz, Jan, Paweł, Michał, Marcin, Jakub, Adam, Łukasz, Grzegorz, Mateusz, \
         Wojciech, Dariusz, Rafał, Kamil, Maciej",
        "Nowak, Kowalski, Wiśniewski, Wójcik, Kowalczyk, Kamiński, Lewandowski, Zieliński, Szymański, Woźniak, Dąbrowski, \
         Kozłowski, Mazur, Jankowski, Kwiatkowski, Krawczyk, Piotrowski, Grabowski, Pawłowski, Michalski, Król, \
         Wieczorek, Jabłoński, Wróbel, Majewski, Stępień, Malinowski, Adamczyk",
    ),
    (
        Origin::Indian,
        "Priya, Anjali, Sunita, Pooja, Neha, Kavita, Lakshmi, Deepa, Divya, Shreya, Meera, Ananya, Asha, Rekha, Swati, \
         Nisha, Radha, Aditi, Ritu, Sneha",
        "Rahul, Amit, Sanjay, Raj, Vijay, Arjun, Rohan, Anil, Suresh, Ravi, Vikram, Aditya, Manoj, Deepak, Karthik, \
         Nikhil, Ashok, Pranav, Rajesh, Siddharth",
        "Patel, Singh, Kumar, Sharma, Shah, Gupta, Reddy, Rao, Mehta, Desai, Iyer, Nair, Joshi, Verma, Agarwal, Mishra, \
         Chopra, Kapoor, Malhotra, Bhatt, Menon, Pillai, Banerjee, Chatterjee, Das, Ghosh, Kulkarni, Naidu",
    ),
];

/// The main part of an organisation's name.
pub(super) const ORGANISATION_FIRST: [&str; 64] = [
    "Nordwind",
    "Bluepeak",
    "Harborline",
    "Silverbrook",
    "Cedar Grove",
    "Redstone",
    "Brightwater",
    "Copperfield",
    "Oakhaven",
    "Summit Ridge",
    "Larkspur",
    "Ironbridge",
    "Greenfinch",
    "Whitecap",
    "Falconcrest",
    "Stonegate",
    "Maple Hollow",
    "Clearwater",
    "Foxglove",
    "Kestrel",
    "Lindenhof",
    "Altmark",
    "Sonnenfeld",
    "Waldkirch",
    "Rheintal",
    "Beaulieu",
    "Montclair",
    "Valmont",
    "Clairval",
    "Zuiderhof",
    "Waterland",
    "Noorderzon",
    "Bramblewood",
    "Tidewater",
    "Quarry Hill",
    "Pinecrest",
    "Goldenrod",
    "Sandpiper",
    "Thistledown",
    "Windmere",
    "Ravensworth",
    "Juniper",
    "Ember",
    "Driftwood",
    "Hollybank",
    "Crestline",
    "Moonstone",
    "Saltmarsh",
    "Heron Bay",
    "Birchfield",
    "Starling",
    "Wolfsberg",
    "Eisenthal",
    "Bellerive",
    "Hautmont",
    "Oosterdam",
    "Coral Point",
    "Banksia",
    "Wattle Creek",
    "Northgate",
    "Eastlake",
    "Southmoor",
    "Westhaven",
    "Pace & Daughters",
];

/// What an organisation does.
pub(super) const ORGANISATION_TRADE: [&str; 36] = [
    "Logistics",
    "Consulting",
    "Bakery",
    "Dental",
    "Engineering",
    "Foods",
    "Plumbing",
    "Textiles",
    "Software",
    "Motors",
    "Pharmacy",
    "Roofing",
    "Interiors",
    "Printing",
    "Travel",
    "Insurance",
    "Electronics",
    "Landscaping",
    "Optics",
    "Brewing",
    "Furniture",
    "Analytics",
    "Medical",
    "Catering",
    "Solar",
    "Marine",
    "Packaging",
    "Security",
    "Books",
    "Media",
    "Tools",
    "Nurseries",
    "Metals",
    "Ceramics",
    "Robotics",
    "Property",
];

/// Occupations.
pub(super) const OCCUPATIONS: [&str; 32] = [
    "Nurse",
    "Teacher",
    "Electrician",
    "Accountant",
    "Software developer",
    "Sales assistant",
    "Driver",
    "Chef",
    "Carpenter",
    "Pharmacist",
    "Civil engineer",
    "Plumber",
    "Librarian",
    "Farmer",
    "Paralegal",
    "Dentist",
    "Mechanic",
    "Architect",
    "Receptionist",
    "Graphic designer",
    "Warehouse worker",
    "Translator",
    "Physician",
    "Pilot",
    "Welder",
    "Social worker",
    "Photographer",
    "Analyst",
    "Gardener",
    "Baker",
    "Retired",
    "Student",
];

//! Which given names are forms of one another: Bob and Robert, Uschi and Ursula.
//!
//! The table is the project's own compilation from general knowledge, under the project's
//! licence. A line is a group: every name of it may stand for every other. A name may be in
//! several groups (`chris`). Names are folded: lower case, no accents.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Groups a name belongs to, at most four; 0 is none.
pub(crate) type Groups = [u16; 4];

static TABLE: LazyLock<HashMap<&'static str, Groups>> = LazyLock::new(|| {
    let mut table: HashMap<&'static str, Groups> = HashMap::new();
    for (number, line) in LINES.lines().filter(|line| !line.is_empty()).enumerate() {
        for name in line.split_ascii_whitespace() {
            let groups = table.entry(name).or_default();
            if let Some(free) = groups.iter_mut().find(|group| **group == 0) {
                *free = number as u16 + 1;
            }
        }
    }
    table
});

/// The groups of a folded given name.
pub(crate) fn groups(name: &str) -> Groups {
    TABLE.get(name).copied().unwrap_or_default()
}

/// Whether two names share a group.
pub(crate) fn related(a: &str, b: &str) -> bool {
    share(&groups(a), &groups(b))
}

/// Whether the table has the name.
pub(crate) fn known(name: &str) -> bool {
    TABLE.contains_key(name)
}

/// Whether a group is in both.
#[inline]
pub(crate) fn share(a: &Groups, b: &Groups) -> bool {
    a.iter().any(|group| *group != 0 && b.contains(group))
}

const LINES: &str = "
robert bob bobby rob robbie bobbie bert robin roberto
william bill billy will willie willy liam wills wilhelm
richard dick rick ricky rich richie dickie ricardo
james jim jimmy jamie jem jimmie jas
john jack johnny jon jackie johnnie jock hank
jonathan jon jonny johnny nathan jonathon johnathan
michael mike mick mikey mickey micky mitch micah
joseph joe joey jo jos
thomas tom tommy thom
charles charlie chuck chas chaz charley carl
christopher chris kit topher christoph christof
daniel dan danny dannie
matthew matt matty mathew matthias mat
anthony tony antony ant anton antonio
stephen steven steve stevie stefan steffen stephan
edward ed eddie ted teddy ned eddy eduard
edwin ed eddie ned
edmund ed eddie ned ted
edgar ed eddie
david dave davey davy davie
andrew andy drew andie
kenneth ken kenny
joshua josh
kevin kev
ronald ron ronnie ronny
timothy tim timmy
jeffrey jeff geoff geoffrey jeffery jeffry
gregory greg gregg
benjamin ben benny benji bennie benjy
samuel sam sammy
patrick pat paddy rick patty
alexander alex alec sandy xander al lex sascha sasha aleksander alexandre
nicholas nick nicky nico klaus nicolas nikolas niko claus nic
lawrence larry laurence laurie lars lorenz
gerald gerry jerry ged
gerard gerry jerry gerhard
jerome jerry
jeremy jerry jem jez
jeremiah jerry jem
raymond ray
peter pete petey piotr
donald don donnie donny
douglas doug dougie
zachary zach zack zac zak zachariah zackary
frederick fred freddie freddy fritz friedrich frederic fredrick
alfred al alf alfie fred freddie
walter walt wally
nathaniel nate nathan nat
nathan nate nat
philip phil phillip pip philipp flip felipe
vincent vince vinnie vinny vin
arthur art artie arty
leonard len lenny leo leon lennie
albert al bert bertie albie
gilbert gil bert
herbert herb bert herbie
hubert bert hugh
norbert bert
bertram bert
francis frank fran frankie franz francisco
franklin frank frankie
henry harry hal hank heinrich henri hen
harold harry hal harald
george georgie georg jorge jurgen
louis lou louie lewis ludwig luis
lewis lou lew louie
theodore ted teddy theo theodor
eugene gene
stanley stan
bernard bernie barney bernhard
barnaby barney
martin marty mart
maurice mo morris moritz
mohammed mo mohammad muhammad mohamed mohamad mhd muhammed mohd
mortimer mort
morton mort
oliver ollie olly noll
oscar ossie oskar
oswald oz ozzy ossie
clifford cliff
clinton clint
calvin cal
cameron cam
cornelius neil corny con nelius
conrad con konrad kurt
curtis curt
desmond des
dominic dom nick dominik dominick
duncan dunc
elijah eli lige
elias eli
elliot eli elliott eliot
emanuel manny manuel emmanuel
ernest ernie ernst
everett ev rett
fitzgerald fitz
gabriel gabe gabi
gordon gord
graham gray graeme grahame
gustav gus gustave
augustus gus august
angus gus
howard howie ward
hugh hughie huw hugo
ignatius iggy nacho ignacio
isaac ike zac izzy
isaiah ike zay
jacob jake jay jakob
jason jay jase
joel joey
julian jules jul
julius jules
justin just
karl carl karel
lancelot lance
leopold leo poldi
leroy roy lee
lester les
leslie les lee lesley
lucas luke luca lukas luc
malcolm mal
marcus mark marc markus
marvin marv
maximilian max maxi
maxwell max
melvin mel
mervyn merv
mitchell mitch
neville nev
nigel nige
norman norm
percival percy perce
quentin quin
randall randy rand
randolph randy rudolf
raphael rafe raf rafael
rafael rafa
reginald reg reggie rex
reuben rube ben
roderick rod rick roddy
rodney rod roddy
roger rog rodge
roland rollie rolly
rudolph rudi rudy rolf rudolf dolf
rufus rufe
russell russ rusty
salvatore sal
sebastian seb bastian basti bas
seymour sy
sheldon shel
sherman sherm
sidney sid syd sydney
simon si simeon
solomon sol
spencer spence
sylvester sly syl
terence terry tel terrence
tobias toby tobi
tyler ty
tyrone ty
valentine val
victor vic viktor
vernon vern
virgil virge
wallace wally wal
wesley wes
wilfred wilf fred
winston win winnie
xavier xavi zave javier
abraham abe bram
adam ad
adrian ade
alan al allan allen
alastair al alistair alasdair alister
alvin al
amos mo
archibald archie
barry baz
bartholomew bart barty bat
benedict ben benny
bradley brad
bradford brad
brandon brand
brendan bren
brian bry bryan
bruce brucie
byron ron
caleb cal
callum cal calum
cecil cec
chester chet
clarence clare
clement clem
colin col
craig cr
cyril cy
cyrus cy
darren daz darrin
dennis den denny dennie
derek del derrick
dexter dex
dwight dee
earl earlie
elmer el
emil em
enrique rick ricky quique
eric rick ricky erik
ezekiel zeke
ezra ez
fabian fab
ferdinand ferdi ferd
fernando nando
floyd lloyd
fredric fred
gareth gary gaz
gary gaz garry
garrett gary
glen glenn
guillermo memo
harrison harry
harvey harv
hector heck
herman manny hermann
hezekiah hez
horace harry
humphrey humph
ian iain
irving irv
irvin irv
ivan van
jared jerry
jesse jess jessie
jordan jordy
jose pepe
juan juanito
kieran kier
kristopher kris chris kristof
laurence laurie larry
lorenzo renzo
manuel manny
mario mar
miles milo
milton milt
montgomery monty
moses mo moe
noah noe
obadiah obie
otto otis
owen ewan
pablo pab
pascal pas
perry pez
preston pres
rene ren
rhys rees
ross rossie
rupert ru
ryan ry
scott scotty
shane shay
shawn sean shaun
stuart stu stewart stew
sullivan sully
tadeusz tadek
tristan tris
ulysses lyss
warren wazza
wayne way
winfred win fred
woodrow woody
yusuf joseph yousef youssef
ahmed ahmad achmed
ibrahim abraham
hassan hasan
hussein husain hussain
elizabeth liz beth betty lizzie eliza bess bessie libby lisa elsie liza lisbeth elisabeth betsy lilibet elise else elsa
margaret maggie peggy meg marge margie madge peg rita greta daisy mags gretchen peggie margarete margarethe
katherine kate kathy katie kat kay kit kitty katharine kathryn kath kathie katy katharina catherine cathryn cathy
catherine cathy kate cat katie cath kitty catharine cathie katherine caty
kathleen kathy kath katie kay kate kathie
caitlin cait kate katelyn kaitlyn
jennifer jen jenny jenn jennie jenni
patricia pat patty trish tricia patti patsy trisha
barbara barb babs barbie bobbie babette
susan sue susie suzy suzie susanne suzanne susanna susannah sukie
suzanne sue suzy susie suzie suzi zanne
jessica jess jessie jessy
rebecca becky becca beck bec bekki becki
deborah deb debbie debby debra debi
stephanie steph stephie steffi stefanie stevie
cynthia cindy cyndi cindi
christina chris tina chrissy christy tine kristina
christine chris chrissy tina chrissie christy tine christiane
kristin kris kristen kirsten
kristina kris tina
samantha sam sammy sammie
ursula uschi ulla ursel ursi
victoria vicky tori vicki vickie viki tory
kimberly kim kimmy kimberley kimmie
michelle shelly shell mich michele shelley
amanda mandy mandi manda
angela angie ang angelika
angelina angie lina ange
melissa missy mel lissa liss
pamela pam pammy
sandra sandy sandie sandi
alexandra alex sandra sandy lexi ali alexa lexie sascha sasha
alexis alex lexi lexie
theresa terry tess terri tessa tracy resi theresia therese
teresa terri tess terry tessa
jacqueline jackie jacqui jacky jaqueline
abigail abby gail abbie abbey
madison maddie maddy
madeline maddie maddy madeleine lena
magdalena lena magda leni madeleine
allison ally alison ali allie
alison ali ally
judith judy jude judi
dorothy dot dottie dolly dora dorothea thea dorrie dory
dorothea dora thea dorte dorle
virginia ginny ginger ginnie
carolyn carol carrie lyn
caroline carol carrie caro caz karoline lina line
carol carole caroll
natalie nat tally natalia
natasha tasha nat
gabrielle gabby gabi gaby gabriela gabriele gabriella
danielle dani danny daniela
nancy nan ann anne
ann anne annie nan nancy anna annette anita hannah
anna anne annie ann anni anja
annabelle anna belle bella annabel
hannah hanna anna johanna
johanna hanna joanna jo hanne
joanna jo joanne joan jo
josephine jo josie fina josefine
heather heath
crystal cris kristal krystal
valerie val
brittany britt brit britney
veronica ronnie vera vroni roni nica veronika
isabella bella izzy isabel belle ella isa isabelle izzie
isabel izzy bella isa isobel belle isabelle
eleanor ellie nell nora nellie lenore ella elinor leonore
ellen nell ellie nellie helen
helen nell nellie ellen lena helena helene
helena lena helen nell
emily em emmy emmie millie
emma em emmy emmi
amelia millie amy mia mel amalia
mildred millie midge
millicent millie
camilla milly cam millie
charlotte lottie charlie lotte char lotta carlotta
frances fran fannie franny francie frankie
francesca fran franny cesca
franziska franzi fran ziska
georgina georgie gina george
georgia georgie
gertrude gertie trudy trudi gerda gertrud
grace gracie
gwendolyn gwen wendy
harriet hattie harry
henrietta hettie etta henny henriette
hilary hil hillary
imogen immy
irene rene renie
jane janie jenny janey janet
janet jan jane
janice jan
jean jeannie jeanie
jeanette jean jeannie jenny nettie
jill gill gillian jilly
gillian gill jill gilly
joan joanie jo
joyce joy
juliet jules julie
julia julie jules jul
kayla kay
lauren laurie laura ren
laura laurie lauren lori
laverne verna
leah lea
leticia tish letty
lillian lil lily lilly lillie
lilian lil lily
linda lindy lin lyn
lindsay linds lindsey
loretta lori etta retta
lorraine lori rain
louise lou lulu luise
lucille lucy lu
lucinda lucy cindy
lucia lucy luzie
lydia lyd
lynette lyn lynn
mabel may mae
marcella marcy marcie
marcia marcy
maria mary marie mia mitzi ria mariechen
marian mary marion
marianne mary annie
marilyn mary lyn
marjorie marge margie
martha marty mattie patty
mary molly polly mamie may marie maria minnie mae
matilda tilly mattie tilda mathilde
maureen mo
maxine max
megan meg
melanie mel mellie
meredith merry
michaela micki kayla mick
mildred milly
minerva minnie
miriam mim mimi
monica mona moni monika
muriel mu
myra mimi
naomi nomi
nicole nicky nikki nic nikky
nicola nicky nikki
olivia liv livvy ollie livia
pauline polly paula
paula pauline
penelope penny nell
philippa pip pippa
phyllis phyl
priscilla prissy cilla
prudence prue
rachel rach rae ray
regina gina reggie
roberta bobbie robbie
rosalind roz rosie ros
rosamund roz rosie
rosemary rosie rose romy rosemarie
rose rosie rosa
roxanne roxy roxie
ruth ruthie
sabrina brina
sarah sally sadie sara sal
selina lina
shannon shan
sharon shaz shari
sheila shea
sherry sheri cherie
shirley shirl
sophia sophie sofia fifi
sophie soph sofie sophia
sylvia syl sylvie silvia
tabitha tabby
tamara tammy tam tamsin
thelma telma
tiffany tiff
ursula uschi ulla ursel
vanessa nessa van
vivian viv vivi vivienne
wilhelmina mina billie willa minnie wilma
winifred winnie freda
yvonne eve vonnie
yvette eve
zoe zo
evelyn eve evie
eva eve evi evchen
adelaide addie heidi ada adele
adelheid heidi adele
agatha aggie
agnes aggie nessa
alberta bertie
alice ally ali allie
andrea andie drea
annemarie anne marie anni
antoinette toni nettie tony
antonia toni tonie
arabella bella belle
audrey audie
beatrice bea trixie bee beatrix
bernadette bernie detta
bertha bertie
beverly bev beverley
bridget bridie biddy brigitte gitte
brigitte gitta gitte biggi birgit
birgit biggi birgitta gitte
cassandra cass cassie sandra
cecilia cissy celia cecily cilla
charlene charlie
chelsea chels
clara clare claire klara
claudia claudi
constance connie
cordelia delia
cornelia conny nelly
courtney court
daphne daph
delores lola dolores
dolores lola dolly
diana di diane
diane di dee
edith edie
eileen ellie aileen
elaine ellie lainie
eloise ellie
ernestine erna tina
esther essie hester
ethel eth
eugenia genie
eunice eunie
felicia fliss
felicity fliss flick
florence flo florrie flossie
friederike rike fritzi frieda
geraldine gerry geri
gisela gisi gila
ingeborg inge
jasmine jas jaz
juliane julia
karin karen kari
lieselotte lilo lotte liesel
leonora nora leo
liselotte lilo lotte
roswitha rosi
renate nate reni
rosalie rosi rosa
sieglinde linde
sigrid siggi
siegfried siggi sigi
sigmund siggi sigi siegmund
waltraud traudi traudel
wolfgang wolf wolfi
walburga burgi
johannes hannes hans jo jan johann
johann hans hannes john
hans johannes hannes hansi
joachim jochen achim jo
jakob jockel
josef sepp jupp joseph beppo
georg schorsch
gottfried friedel
gottlieb liebel
gunther gunter guenther gunni gunter
heinrich heinz heiner heini
heinz heinrich
hermann manni
manfred manni fred
karlheinz karl heinz
ludwig lutz wiggerl
lothar lotti
michael michel michi
rainer reiner
reinhard reiner
reinhold reini
ruediger rudi rudiger
thorsten torsten
udo ulrich
ulrich uli ulli
ulrike uli rike ulli
alois loisl
andreas andi andy dre
bernd bernhard
burkhard burki
detlef detti
dietrich dieter
dieter dietrich
eberhard ebbe
eckhard ecki
erwin irwin
gerhard gerd gert
helmut helle
hubertus hubert
jens jensen
juergen jurgen
leonhard leo hartl
matthias matze hias
sebastian wastl
valentin valli
vinzenz vinz
wenzel wenz
wilhelm willi willy will
xaver xaverl
francois fanfan
guillaume gui
philippe phil
pierre pierrot
giovanni gianni vanni
giuseppe beppe peppe pino
francesco franco cecco
alessandro sandro ale
alessandra sandra ale
domenico mimmo
vincenzo enzo
lorenzo enzo
salvatore toto turi
eduardo edu lalo
ernesto neto
gregorio goyo
guadalupe lupe
ignacio nacho
jesus chuy
mercedes merche
rosario charo
concepcion concha
dolores lola
consuelo chelo
jozef joze
krzysztof krzys
katarzyna kasia
malgorzata gosia
aleksandra ola
agnieszka aga
dmitri dima dmitry
ivan vanya
mikhail misha
nikolai kolya
sergei seryozha sergey
vladimir volodya vova
yekaterina katya ekaterina
anastasia nastya stacy stacey ana nastassia anastassia
tatiana tanya
maria masha
natalia natasha
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_a_group_are_related_both_ways() {
        for (a, b) in [("robert", "bob"), ("uschi", "ursula"), ("peggy", "margaret")] {
            assert!(related(a, b) && related(b, a), "{a} {b}");
        }
        assert!(related("chris", "christine") && related("chris", "christopher"));
        assert!(!related("robert", "william"));
        assert!(!related("nobody", "nobody"));
    }

    #[test]
    fn there_are_some_hundred_groups_of_folded_names() {
        assert!(LINES.lines().count() > 400);
        let plain = |name: &str| name.bytes().all(|byte| byte.is_ascii_lowercase());
        assert!(LINES.split_ascii_whitespace().all(plain));
    }
}

package org.carousel.data.tasks;

import java.util.Arrays;
import java.util.List;

/**
 * What {@link FactCorpus} knows: families of things, the words for them, and what is said about them.
 *
 * <p>A line of a table is one thing: its words, one per role; behind the bar the two words that tell it from the other
 * things of the family.
 */
final class Facts {
    private Facts() {}

    /**
     * Things of one kind.
     *
     * @param name what they are
     * @param roles a word for each column of the things, the first one is the thing itself
     * @param things their words [thing][role]
     * @param marks the two words that are said of this thing only [thing][2]
     * @param about what is said of each role [role][]: {x} is its word, {s} and {t} are its marks, {o} one of another thing
     * @param statements what connects role 0, {x}, with each other role, {y} [role][]; empty for role 0
     */
    record Family(
            String name,
            List<String> roles,
            String[][] things,
            String[][] marks,
            String[][] about,
            String[][] statements) {}

    static final List<Family> FAMILIES = List.of(
            family(
                    "country",
                    "country capital language currency",
                    """
                    france paris french euro | champagne seine
                    italy rome italian euro | opera tiber
                    germany berlin german euro | pretzels spree
                    spain madrid spanish euro | paella manzanares
                    portugal lisbon portuguese euro | fado tagus
                    greece athens greek euro | olives olympus
                    netherlands amsterdam dutch euro | tulips ijssel
                    hungary budapest hungarian forint | goulash balaton
                    poland warsaw polish zloty | pierogi vistula
                    czechia prague czech koruna | pilsner vltava
                    sweden stockholm swedish krona | meatballs kebnekaise
                    norway oslo norwegian krone | fjords glomma
                    finland helsinki finnish euro | saunas saimaa
                    russia moscow russian ruble | ballet volga
                    ukraine kyiv ukrainian hryvnia | borscht dnipro
                    bulgaria sofia bulgarian euro | yogurt musala
                    turkey ankara turkish lira | baklava ararat
                    armenia yerevan armenian dram | apricots sevan
                    egypt cairo arabic pound | pyramids nile
                    morocco rabat arabic dirham | tagines toubkal
                    kenya nairobi swahili shilling | safaris turkana
                    nigeria abuja english naira | jollof benue
                    iran tehran persian rial | carpets damavand
                    iraq baghdad arabic dinar | dates tigris
                    nepal kathmandu nepali rupee | temples everest
                    bangladesh dhaka bengali taka | jute padma
                    mongolia ulaanbaatar mongolian tugrik | yurts gobi
                    china beijing chinese yuan | dumplings yangtze
                    japan tokyo japanese yen | sushi fuji
                    thailand bangkok thai baht | orchids inthanon
                    vietnam hanoi vietnamese dong | noodles fansipan
                    philippines manila filipino peso | jeepneys pinatubo
                    canada ottawa english dollar | hockey yukon
                    cuba havana spanish peso | cigars turquino
                    venezuela caracas spanish bolivar | arepas orinoco
                    peru lima spanish sol | llamas huascaran
                    brazil brasilia portuguese real | samba amazon
                    australia canberra english dollar | koalas uluru
                    """,
                    """
                    the government of {x} is proud of its {s}; the nation of {x} exports {s};\
                    the army of {x} guards the {t}; a law of {x} protects the {t};\
                    the government of {x} is far from {o}; an army of {x} never saw {o}
                    the mayor of {x} opens a museum of {s}; shops in the streets of {x} offer {s};\
                    a train from {x} central station reaches the {t}; tourists leave hotels in {x} for the {t};\
                    the mayor of {x} is far from {o}; streets in {x} never saw {o}
                    the {x} dictionary has words for {s}; he translates into {x} a text on {s};\
                    she recites a poem in {x} on the {t}; the {x} grammar names the {t};\
                    the {x} dictionary lacks a word for {o}; a poem in {x} is silent on {o}
                    the price of {s} in {x} went up; he paid one {x} coin for {s};\
                    a ticket for one {x} to the {t}; banknotes of ten {x} show the {t};\
                    the price of {o} was not in {x}; he paid no {x} coin for {o}
                    """,
                    """
                    {y} is the capital of {x}; the capital of {x} is {y}
                    most people in {x} speak {y}; {y} is spoken in {x}
                    people in {x} pay with the {y}; the currency of {x} is the {y}
                    """),
            family(
                    "animal",
                    "animal young",
                    """
                    dog puppy | kennel bones
                    cat kitten | basket mice
                    cow calf | byre hay
                    horse foal | stable oats
                    sheep lamb | fold clover
                    pig piglet | sty truffles
                    hen chick | coop grain
                    duck duckling | pond duckweed
                    goose gosling | marsh barley
                    lion cub | savanna antelopes
                    frog tadpole | ditch midges
                    owl owlet | belfry voles
                    deer fawn | forest bark
                    kangaroo joey | outback saltbush
                    """,
                    """
                    the old {x} rests in the {s}; a strong grown {x} lives in the {s};\
                    the big {x} is hungry for {t}; a full grown {x} finds {t};\
                    the old {x} never saw {o}; a strong grown {x} dislikes {o}
                    the newborn {x} hides in the {s}; a tiny playful {x} sleeps in the {s};\
                    the little {x} is too small for {t}; a newborn {x} smells {t};\
                    the newborn {x} never saw {o}; a tiny playful {x} dislikes {o}
                    """,
                    """
                    a {y} is the young of a {x}; the {x} feeds its {y}
                    """),
            family(
                    "profession",
                    "profession workplace",
                    """
                    baker bakery | bread flour
                    teacher school | lessons chalk
                    doctor hospital | medicine stethoscope
                    farmer farm | crops tractor
                    chef kitchen | soups ladle
                    librarian library | books catalogue
                    actor theatre | dramas costume
                    sailor ship | voyages anchor
                    gardener garden | flowers spade
                    brewer brewery | beer hops
                    soldier barracks | parades rifle
                    monk monastery | prayers rosary
                    scientist laboratory | experiments microscope
                    blacksmith forge | horseshoes anvil
                    astronomer observatory | stars telescope
                    """,
                    """
                    the skilled {x} thinks about {s}; an experienced {x} earns a wage with {s};\
                    the skilled {x} picks up the {t}; an apprentice hands the {x} the {t};\
                    the skilled {x} never needs {o}; an experienced {x} forgets {o}
                    the doors to the {x} close behind {s}; inside the {x} one room is for {s};\
                    on a shelf inside the {x} stands the {t}; the roof over the {x} keeps the {t} dry;\
                    inside the {x} is no place for {o}; the doors to the {x} never open for {o}
                    """,
                    """
                    the {x} works at the {y}; at the {y} you meet the {x}
                    """),
            family(
                    "verb",
                    "present past progressive third",
                    """
                    sing sang singing sings | songs microphone
                    write wrote writing writes | letters ink
                    drink drank drinking drinks | tea cup
                    eat ate eating eats | meals spoon
                    swim swam swimming swims | laps pool
                    run ran running runs | races track
                    fly flew flying flies | kites breeze
                    ride rode riding rides | bicycles saddle
                    drive drove driving drives | trucks road
                    build built building builds | walls trowel
                    throw threw throwing throws | balls glove
                    break broke breaking breaks | glasses hammer
                    grow grew growing grows | beans soil
                    bake baked baking bakes | cakes oven
                    paint painted painting paints | pictures brush
                    cook cooked cooking cooks | stews pan
                    wash washed washing washes | shirts soap
                    """,
                    """
                    tomorrow we will {x} {s} again; they want to {x} {s};\
                    we can {x} with the {t}; they hope to {x} with the {t};\
                    we will never {x} {o}; they need not {x} {o}
                    yesterday they {x} {s} together; last year we {x} many {s};\
                    yesterday we {x} with the {t}; long ago they {x} with the {t};\
                    yesterday nobody {x} {o}; long ago we hardly {x} {o}
                    right now they are {x} {s}; we were {x} {s} just then;\
                    they are {x} with the {t} now; we have been {x} with the {t};\
                    they are not {x} {o} now; we were hardly {x} {o}
                    each morning somebody {x} {s}; everybody here {x} {s} daily;\
                    somebody always {x} with the {t}; nobody {x} without the {t};\
                    somebody rarely {x} {o}; everybody hardly {x} {o} daily
                    """,
                    """
                    i {x} today and i {y} before
                    i {x} since i like {y}
                    i {x} and my friend {y} too; i {x} as anybody {y}
                    """),
            family(
                    "gender",
                    "male female",
                    """
                    king queen | throne crown
                    man woman | voter ballot
                    boy girl | playground toys
                    father mother | cradle lullaby
                    son daughter | inheritance parents
                    brother sister | quarrel bunk
                    uncle aunt | cousin visit
                    husband wife | anniversary marriage
                    prince princess | palace tournament
                    grandfather grandmother | grandchildren armchair
                    duke duchess | duchy estate
                    wizard witch | spell wand
                    groom bride | wedding vows
                    hero heroine | quest legend
                    """,
                    """
                    he is the {x} of the {s}; the {x} himself speaks of his {s};\
                    the {x} with his beard recalls the {t}; he the {x} has his {t};\
                    he is no {x} of {o}; the {x} himself never saw {o}
                    she is the {x} of the {s}; the {x} herself speaks of her {s};\
                    the {x} with her necklace recalls the {t}; she the {x} has her {t};\
                    she is no {x} of {o}; the {x} herself never saw {o}
                    """,
                    """
                    the {x} and the {y} sit together; the {y} answers the {x}
                    """));

    /** Words of one kind, of which a stranger can be told. */
    static final List<Group> GROUPS = List.of(
            group(
                    "fruit",
                    "apple pear plum cherry peach grape lemon apricot",
                    "a ripe sweet {x} fell from the tree; the juicy {x} is a fruit"),
            group(
                    "vegetable",
                    "carrot onion cabbage leek spinach turnip radish potato",
                    "peel and boil the {x} for dinner; the {x} is a vegetable from the patch"),
            group(
                    "beverage",
                    "coffee juice cider lemonade water wine milk cocoa",
                    "pour a glass of {x} for me; the bottle of {x} is a beverage"),
            group(
                    "colour",
                    "red green blue yellow black white purple brown",
                    "the curtain and the sofa are {x}; {x} is a colour on the palette"));

    /**
     * Words of one kind.
     *
     * @param name what they are
     * @param words the words
     * @param about what is said of them
     */
    record Group(String name, List<String> words, String[] about) {}

    private static Group group(String name, String words, String about) {
        return new Group(name, List.of(words.split(" ")), about.split("; ?"));
    }

    private static Family family(String name, String roles, String table, String about, String statements) {
        String[][] lines = table.lines().map(line -> line.split(" \\| ")).toArray(String[][]::new);
        String[][] said = Arrays.stream(("\n" + statements).split("\n", -1))
                .limit(roles.split(" ").length)
                .map(line -> line.isEmpty() ? new String[0] : line.split("; ?"))
                .toArray(String[][]::new);
        return new Family(
                name,
                List.of(roles.split(" ")),
                Arrays.stream(lines).map(line -> line[0].split(" ")).toArray(String[][]::new),
                Arrays.stream(lines).map(line -> line[1].split(" ")).toArray(String[][]::new),
                about.lines().map(line -> line.split("; ?")).toArray(String[][]::new),
                said);
    }
}

/* SPDX-License-Identifier: Apache-2.0
 * The towns of Niger, each under the names people type. Positions: GeoNames (https://www.geonames.org, CC BY 4.0). */
#include "domain/gazetteer.h"

/* Folded as sms_text.h does; a second name of a town is a second row. */
static const struct gazetteer_place places[] = {
    {"abala", "Abala", 14.9369, 3.4336, false},
    {"abalak", "Abalak", 15.4509, 6.2793, false},
    {"aderbissinat", "Adérbissinat", 15.6275, 7.8945, false},
    {"agadez", "Agadez", 16.9733, 7.9911, false},
    {"aguie", "Aguié", 13.5060, 7.7786, false},
    {"arlit", "Arlit", 18.7369, 7.3853, false},
    {"ayorou", "Ayorou", 14.7308, 0.9174, false},
    {"bagaroua", "Bagaroua", 14.6362, 4.3490, false},
    {"baleyara", "Baléyara", 13.7838, 2.9523, false},
    {"balleyara", "Baléyara", 13.7838, 2.9523, false},
    {"bani bangou", "Bani Bangou", 15.0416, 2.7037, false},
    {"bankilare", "Bankilaré", 14.5765, 0.7267, false},
    {"belbeji", "Bélbéji", 14.6769, 7.9828, false},
    {"bermo", "Bermo", 14.7082, 6.6191, false},
    {"bilma", "Bilma", 18.6853, 12.9164, false},
    {"birni gaoure", "Birnin Gaouré", 13.0817, 2.9110, false},
    {"birni konni", "Birni N Konni", 13.7960, 5.2503, false},
    {"birni n gaoure", "Birnin Gaouré", 13.0817, 2.9110, false},
    {"birni n konni", "Birni N Konni", 13.7960, 5.2503, false},
    {"birnin gaoure", "Birnin Gaouré", 13.0817, 2.9110, false},
    {"birnin konni", "Birni N Konni", 13.7960, 5.2503, false},
    {"bkonni", "Birni N Konni", 13.7960, 5.2503, false},
    {"boboye", "Birnin Gaouré", 13.0817, 2.9110, false},
    {"bosso", "Bosso", 13.6987, 13.3095, false},
    {"bouza", "Bouza", 14.4229, 6.0428, false},
    {"dakoro", "Dakoro", 14.5106, 6.7650, false},
    {"damagaram taker", "Damagaram Takèr", 14.1377, 9.4842, false},
    {"diffa", "Diffa", 13.3154, 12.6113, false},
    {"dioundiou", "Dioundiou", 12.6168, 3.5443, false},
    {"dogon doutchi", "Dogondoutchi", 13.6403, 4.0265, false},
    {"dogondoutchi", "Dogondoutchi", 13.6403, 4.0265, false},
    {"dosso", "Dosso", 13.0490, 3.1937, false},
    {"doutchi", "Dogondoutchi", 13.6403, 4.0265, false},
    {"dungas", "Dungas", 13.0615, 9.3434, false},
    {"fachi", "Fachi", 18.0979, 11.5859, false},
    {"falmey", "Falmey", 12.5954, 2.8511, false},
    {"filinge", "Filingué", 14.3521, 3.3168, false},
    {"filingue", "Filingué", 14.3521, 3.3168, false},
    {"gaya", "Gaya", 11.8843, 3.4492, false},
    {"gazaoua", "Gazaoua", 13.5258, 7.9140, false},
    {"gotheye", "Gothèye", 13.8559, 1.5671, false},
    {"goudoumaria", "Goudoumaria", 13.7109, 11.1885, false},
    {"goure", "Gouré", 13.9835, 10.2704, false},
    {"guidan roumdji", "Guidan Roumdji", 13.6576, 6.6957, false},
    {"guidan rumji", "Guidan Roumdji", 13.6576, 6.6957, false},
    {"i n gall", "I-n-Gall", 16.7878, 6.9342, false},
    {"i n ouagar", "I-n-Ouagar", 14.9259, 5.9763, false},
    {"iferouan", "Iferouâne", 19.0625, 8.4200, false},
    {"iferouane", "Iferouâne", 19.0625, 8.4200, false},
    {"illela", "Illéla", 14.4605, 5.2437, false},
    {"in gall", "I-n-Gall", 16.7878, 6.9342, false},
    {"ingall", "I-n-Gall", 16.7878, 6.9342, false},
    {"kantche", "Kantché", 13.5393, 8.4629, false},
    {"keita", "Keïta", 14.7551, 5.7749, false},
    {"kollo", "Kollo", 13.3043, 2.3390, false},
    {"konni", "Birni N Konni", 13.7960, 5.2503, false},
    {"loga", "Loga", 13.6132, 3.2358, false},
    {"madaoua", "Madaoua", 14.0730, 5.9600, false},
    {"madarounfa", "Madarounfa", 13.3087, 7.1560, false},
    {"magaria", "Magaria", 12.9983, 8.9099, false},
    {"maine soroa", "Maïné Soroa", 13.2114, 12.0241, false},
    {"mainesoroa", "Maïné Soroa", 13.2114, 12.0241, false},
    {"malbaza", "Malbaza", 13.9271, 5.5203, false},
    {"maradi", "Maradi", 13.5000, 7.1017, false},
    {"matamey", "Matamey", 13.4231, 8.4748, false},
    {"matameye", "Matamey", 13.4231, 8.4748, false},
    {"mayahi", "Mayahi", 13.9553, 7.6712, false},
    {"mehana", "Méhana", 14.3939, 1.1338, false},
    {"mirria", "Mirriah", 13.7073, 9.1501, false},
    {"mirriah", "Mirriah", 13.7073, 9.1501, false},
    {"n guigmi", "Nguigmi", 14.2495, 13.1092, false},
    {"ngourti", "Ngourti", 15.3313, 13.1993, false},
    {"nguigmi", "Nguigmi", 14.2495, 13.1092, false},
    {"niame", "Niamey", 13.5137, 2.1098, false},
    {"niamey", "Niamey", 13.5137, 2.1098, false},
    {"ouallam", "Ouallam", 14.3164, 2.0860, false},
    {"say", "Say", 13.1007, 2.3689, true},
    {"tahoua", "Tahoua", 14.8888, 5.2692, false},
    {"takieta", "Takiéta", 13.6807, 8.5290, false},
    {"tanout", "Tanout", 14.9709, 8.8879, false},
    {"tasker", "Tasker", 15.1174, 10.6969, true},
    {"tassara", "Tassara", 16.8047, 5.6442, false},
    {"tchin tabaraden", "Tchin Tabaradèn", 15.8969, 5.7985, false},
    {"tchinta", "Tchin Tabaradèn", 15.8969, 5.7985, false},
    {"tchintabaraden", "Tchin Tabaradèn", 15.8969, 5.7985, false},
    {"tchirozerine", "Tchirozérine", 17.2210, 7.7614, false},
    {"tera", "Téra", 14.0078, 0.7531, false},
    {"tessaoua", "Tessaoua", 13.7574, 7.9874, false},
    {"tilaberi", "Tillabéri", 14.2071, 1.4542, false},
    {"tillaberi", "Tillabéri", 14.2071, 1.4542, false},
    {"tillabery", "Tillabéri", 14.2071, 1.4542, false},
    {"tillia", "Tillia", 16.1233, 4.7897, false},
    {"torodi", "Torodi", 13.1191, 1.7987, false},
    {"zinder", "Zinder", 13.8072, 8.9881, false},
    {"نيامي", "Niamey", 13.5137, 2.1098, false},
    {"اغاديز", "Agadez", 16.9733, 7.9911, false},
    {"زيندر", "Zinder", 13.8072, 8.9881, false},
    {"مرادي", "Maradi", 13.5000, 7.1017, false},
    {"طاوه", "Tahoua", 14.8888, 5.2692, false},
    {"دوسو", "Dosso", 13.0490, 3.1937, false},
    {"ديفا", "Diffa", 13.3154, 12.6113, false},
    {"ارليت", "Arlit", 18.7369, 7.3853, false},
};

size_t gazetteer_count(void)
{
    return sizeof(places) / sizeof(places[0]);
}

const struct gazetteer_place *gazetteer_at(size_t index)
{
    return index < gazetteer_count() ? &places[index] : NULL;
}

const struct gazetteer_place *gazetteer_find(struct slice folded_name)
{
    for (size_t i = 0; i < gazetteer_count(); i++) {
        const char *name = places[i].folded;
        if (folded_name.length > 0 && name[0] == folded_name.data[0] && slice_equal(slice_of(name), folded_name)) {
            return &places[i];
        }
    }
    return NULL;
}
